//! Where addresses are, and whose. No such data comes along: whoever has MaxMind's files, or others of their format, gives them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Source;
use super::resource::address;

/// Knows where addresses are, and whose.
pub trait Geo {
    /// The place of an address.
    fn place(&self, address: IpAddr) -> Option<Place>;
    /// The autonomous system of an address.
    fn network(&self, address: IpAddr) -> Option<Network>;
}

/// Where an address is, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The city, in English.
    pub city_name: Option<String>,
    /// The continent, in English.
    pub continent_name: Option<String>,
    /// The country by ISO 3166: `DE`.
    pub country_iso_code: Option<String>,
    /// The country, in English.
    pub country_name: Option<String>,
    /// Latitude and longitude, in degrees.
    pub location: Option<(f64, f64)>,
    /// The region by ISO 3166-2: `DE-BE`.
    pub region_iso_code: Option<String>,
    /// The region, in English.
    pub region_name: Option<String>,
}

/// Whose an address is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// The number of the autonomous system.
    pub number: Option<u64>,
    /// The organization that runs it.
    pub organization: Option<String>,
}

pub(super) fn place(source: &dyn Source) -> Option<Place> {
    let (address, _) = address(source)?;
    source.geo()?.place(address)
}

pub(super) fn network(source: &dyn Source) -> Option<Network> {
    let (address, _) = address(source)?;
    source.geo()?.network(address)
}

/// A file of places or networks that can't be used.
#[derive(Debug)]
pub struct GeoError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for GeoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} can't be used: {}", self.path.display(), self.message)
    }
}

impl std::error::Error for GeoError {}

/// Files in MaxMind's format (`.mmdb`), read into memory: GeoLite2-City or one like it, GeoLite2-ASN or one like it.
#[derive(Default)]
pub struct Databases {
    city: Option<maxminddb::Reader<Vec<u8>>>,
    asn: Option<maxminddb::Reader<Vec<u8>>>,
}

impl Databases {
    /// Reads the files. Which is which is told by what a file says of itself.
    ///
    /// # Errors
    /// A file that can't be read, or is of another kind.
    pub fn open(paths: &[PathBuf]) -> Result<Self, GeoError> {
        let mut all = Databases::default();
        for path in paths {
            let reader = open(path)?;
            let kind = reader.metadata().database_type.clone();
            if kind.contains("City") {
                all.city = Some(reader);
            } else if kind.contains("ASN") {
                all.asn = Some(reader);
            } else {
                return Err(GeoError {
                    path: path.clone(),
                    message: format!(
                        "it holds neither cities nor autonomous systems, but `{kind}`"
                    ),
                });
            }
        }
        Ok(all)
    }
}

fn open(path: &Path) -> Result<maxminddb::Reader<Vec<u8>>, GeoError> {
    maxminddb::Reader::open_readfile(path).map_err(|error| GeoError {
        path: path.to_owned(),
        message: error.to_string(),
    })
}

#[derive(Deserialize)]
struct CityRow {
    city: Option<Named>,
    continent: Option<Named>,
    country: Option<Named>,
    location: Option<Location>,
    #[serde(default)]
    subdivisions: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    iso_code: Option<String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

impl Named {
    fn english(&self) -> Option<String> {
        self.names.get("en").cloned()
    }
}

#[derive(Deserialize)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Deserialize)]
struct AsnRow {
    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<String>,
}

fn row<'a, T: Deserialize<'a>>(
    reader: &'a Option<maxminddb::Reader<Vec<u8>>>,
    address: IpAddr,
) -> Option<T> {
    reader.as_ref()?.lookup(address).ok()?.decode().ok()?
}

impl Geo for Databases {
    fn place(&self, address: IpAddr) -> Option<Place> {
        let row: CityRow = row(&self.city, address)?;
        let country_iso_code = row
            .country
            .as_ref()
            .and_then(|country| country.iso_code.clone());
        let region = row.subdivisions.first();
        let region_iso_code = region.and_then(|region| region.iso_code.as_deref());
        Some(Place {
            city_name: row.city.and_then(|city| city.english()),
            continent_name: row.continent.and_then(|continent| continent.english()),
            region_iso_code: country_iso_code
                .as_deref()
                .zip(region_iso_code)
                .map(|(country, region)| format!("{country}-{region}")),
            country_iso_code,
            country_name: row.country.and_then(|country| country.english()),
            location: row
                .location
                .and_then(|location| location.latitude.zip(location.longitude)),
            region_name: region.and_then(Named::english),
        })
    }

    fn network(&self, address: IpAddr) -> Option<Network> {
        let row: AsnRow = row(&self.asn, address)?;
        Some(Network {
            number: row.autonomous_system_number.map(u64::from),
            organization: row.autonomous_system_organization,
        })
    }
}
