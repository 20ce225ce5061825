//! The names of months and days, by language.

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `Dec`
    Short,
    /// `December`
    Full,
}

/// The names of a language, separated by spaces; several ways to write one are separated by bars, and any case will do.
#[derive(Debug)]
pub(crate) struct Names {
    /// The languages, as the first part of a locale has them.
    languages: &'static [&'static str],
    months: &'static str,
    short_months: &'static str,
    /// Monday first.
    days: &'static str,
    short_days: &'static str,
}

/// The names of every language we know; English comes first.
const ALL: &[Names] = &[
    Names {
        languages: &["en"],
        months: "January February March April May June July August September October November December",
        short_months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        days: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        short_days: "Mon Tue Wed Thu Fri Sat Sun",
    },
    Names {
        languages: &["de"],
        months: "Januar|Jänner Februar März April Mai Juni Juli August September Oktober November Dezember",
        short_months: "Jan|Jän Feb Mär|Mrz|März Apr Mai Jun|Juni Jul|Juli Aug Sep|Sept Okt Nov Dez",
        days: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag|Sonnabend Sonntag",
        short_days: "Mo Di Mi Do Fr Sa So",
    },
    Names {
        languages: &["fr"],
        months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        short_months: "janv févr mars avr mai juin juil août sept oct nov déc",
        days: "lundi mardi mercredi jeudi vendredi samedi dimanche",
        short_days: "lun mar mer jeu ven sam dim",
    },
    Names {
        languages: &["es"],
        months: "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
        short_months: "ene feb mar abr may jun jul ago sep|sept|set oct nov dic",
        days: "lunes martes miércoles jueves viernes sábado domingo",
        short_days: "lun mar mié jue vie sáb dom",
    },
    Names {
        languages: &["it"],
        months: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        short_months: "gen feb mar apr mag giu lug ago set ott nov dic",
        days: "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        short_days: "lun mar mer gio ven sab dom",
    },
    Names {
        languages: &["pt"],
        months: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        short_months: "jan fev mar abr mai jun jul ago set out nov dez",
        days: "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        short_days: "seg ter qua qui sex sáb dom",
    },
    Names {
        languages: &["nl"],
        months: "januari februari maart april mei juni juli augustus september oktober november december",
        short_months: "jan feb mrt apr mei jun jul aug sep okt nov dec",
        days: "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        short_days: "ma di wo do vr za zo",
    },
    Names {
        languages: &["sv"],
        months: "januari februari mars april maj juni juli augusti september oktober november december",
        short_months: "jan feb mar|mars apr maj jun|juni jul|juli aug sep|sept okt nov dec",
        days: "måndag tisdag onsdag torsdag fredag lördag söndag",
        short_days: "mån tis ons tor|tors fre lör sön",
    },
    Names {
        languages: &["da"],
        months: "januar februar marts april maj juni juli august september oktober november december",
        short_months: "jan feb mar|marts apr maj jun|juni jul|juli aug sep|sept okt nov dec",
        days: "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        short_days: "man tir|tirs ons tor|tors fre lør søn",
    },
    Names {
        languages: &["nb", "no"],
        months: "januar februar mars april mai juni juli august september oktober november desember",
        short_months: "jan feb mar|mars apr mai jun|juni jul|juli aug sep|sept okt nov des",
        days: "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        short_days: "man tir|tirs ons tor|tors fre lør søn",
    },
    Names {
        languages: &["fi"],
        months: "tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu \
                 toukokuuta|toukokuu kesäkuuta|kesäkuu heinäkuuta|heinäkuu elokuuta|elokuu syyskuuta|syyskuu \
                 lokakuuta|lokakuu marraskuuta|marraskuu joulukuuta|joulukuu",
        short_months: "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        days: "maanantaina|maanantai tiistaina|tiistai keskiviikkona|keskiviikko torstaina|torstai \
               perjantaina|perjantai lauantaina|lauantai sunnuntaina|sunnuntai",
        short_days: "ma ti ke to pe la su",
    },
    Names {
        languages: &["et"],
        months: "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
        short_months: "jaan veebr märts apr mai juuni juuli aug sept okt nov dets",
        days: "esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev",
        short_days: "E T K N R L P",
    },
    Names {
        languages: &["pl"],
        months: "stycznia|styczeń lutego|luty marca|marzec kwietnia|kwiecień maja|maj czerwca|czerwiec lipca|lipiec \
                 sierpnia|sierpień września|wrzesień października|październik listopada|listopad grudnia|grudzień",
        short_months: "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        days: "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        short_days: "pon|pn wto|wt śro|śr czw|cz pią|pt sob|so niedz|nie|nd",
    },
    Names {
        languages: &["cs"],
        months: "ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec \
                 srpna|srpen září října|říjen listopadu|listopad prosince|prosinec",
        short_months: "led úno bře dub kvě čvn čvc srp zář říj lis pro",
        days: "pondělí úterý středa čtvrtek pátek sobota neděle",
        short_days: "po út st čt pá so ne",
    },
    Names {
        languages: &["tr"],
        months: "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        short_months: "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
        days: "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
        short_days: "Pzt Sal Çar Per Cum Cmt Paz",
    },
];

impl Names {
    /// The names of English.
    pub(crate) const ENGLISH: &'static Names = &ALL[0];

    /// The names of the language of a locale, an IETF tag such as `de-AT`.
    pub(crate) fn find(locale: &str) -> Option<&'static Names> {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let is_it = |known: &&str| known.eq_ignore_ascii_case(language);
        ALL.iter().find(|names| names.languages.iter().any(&is_it))
    }

    /// The languages there are.
    pub(crate) fn languages() -> impl Iterator<Item = &'static str> {
        ALL.iter()
            .filter_map(|names| names.languages.first().copied())
    }

    /// The names that a format means by these letters.
    #[cfg(test)]
    pub(crate) fn list(&self, letters: &str) -> &'static str {
        match letters {
            "MMMM" => self.months,
            "MMM" => self.short_months,
            "EEEE" => self.days,
            _ => self.short_days,
        }
    }

    /// The names of the months, the longest first.
    pub(super) fn months(&self, form: Form) -> Vec<Name> {
        list(if form == Form::Full {
            self.months
        } else {
            self.short_months
        })
    }

    /// The names of the days of the week, the longest first.
    pub(super) fn days(&self, form: Form) -> Vec<Name> {
        list(if form == Form::Full {
            self.days
        } else {
            self.short_days
        })
    }
}

/// A name and what it stands for.
#[derive(Debug, PartialEq)]
pub(super) struct Name {
    text: &'static str,
    /// A month or a day of the week, from 1.
    number: i64,
}

fn list(names: &'static str) -> Vec<Name> {
    let mut list: Vec<_> = (1..)
        .zip(names.split_ascii_whitespace())
        .flat_map(|(number, ways)| ways.split('|').map(move |text| Name { text, number }))
        .collect();
    // Where one name begins with another, the longer is meant.
    list.sort_by_key(|name| std::cmp::Reverse(name.text.len()));
    list
}

/// What the name that `text` begins with stands for, and its length.
pub(super) fn find(list: &[Name], text: &str) -> Option<(i64, usize)> {
    list.iter()
        .find_map(|name| Some((name.number, begins(text, name.text)?)))
}

/// The length of `name` at the beginning of `text`, in any case.
fn begins(text: &str, name: &str) -> Option<usize> {
    let start = text.as_bytes().get(..name.len());
    if start.is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes())) {
        return Some(name.len());
    }
    if name.is_ascii() {
        return None;
    }
    let mut rest = text.chars();
    for expected in name.chars() {
        let found = rest.next()?;
        if !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    Some(text.len() - rest.as_str().len())
}
