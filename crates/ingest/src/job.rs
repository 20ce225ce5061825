//! The life of a batch: gathered, folded, written, committed; and again where another writer came first.

use std::sync::{Arc, Mutex, PoisonError};

use futures::channel::oneshot::Sender;
use lake::{CommitError, Lake, Layout, NewFile, Scratch};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::aside::Keeper;
use crate::batch::{Batch, Places};
use crate::begun::Begun;
use crate::block::Spare;
use crate::fetch::Fetch;
use crate::fold::Fold;
use crate::gather::Given;
use crate::ledger::{Ledger, NewRows, Tally};
use crate::report::Account;
use crate::source::Object;
use crate::threads::Pool;
use crate::{Error, Options, Progress, Report, gather, ledger, write};

/// How often other writers may come first before an ingest gives up. Each time costs a look at what they added.
const ATTEMPTS: usize = 50;

/// What all batches of an ingest share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) objects: Arc<[Object]>,
    pub(crate) fetch: Arc<Fetch>,
    pub(crate) layout: Arc<Layout>,
    pub(crate) places: Places,
    pub(crate) lake: Lake,
    pub(crate) options: Options,
    pub(crate) progress: Arc<dyn Progress>,
    pub(crate) keeper: Arc<Keeper>,
    pub(crate) spare: Arc<Spare>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) scratch: Arc<Scratch>,
}

/// A batch that is in no lake yet, and where its records come from.
pub(crate) struct Gathered {
    folded: Folded,
    accounts: Vec<(usize, Account)>,
    /// The listing that the accounts are of.
    objects: Arc<[Object]>,
}

/// A batch that is folded within itself.
struct Folded {
    batch: Batch,
    fold: Fold,
}

/// Told once when a batch leaves threads free.
pub(crate) struct Free(Mutex<Option<Sender<()>>>);

impl Free {
    /// Says so.
    pub(crate) fn tell(&self) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Nobody waits any more where the next batch failed.
        let _ = sender.map(|sender| sender.send(()));
    }
}

impl Job {
    /// Reads on with those that are begun and objects from the `first` on, as many as fit a batch. Gives the first that is
    /// left, and those of which a part is left; nothing where there is nothing more to read.
    pub(crate) async fn gather(
        &self,
        first: usize,
        begun: Vec<Begun>,
    ) -> Result<Option<(Gathered, usize, Vec<Begun>)>, Error> {
        if first >= self.objects.len() && begun.is_empty() {
            return Ok(None);
        }
        let job = self.clone();
        spawn_blocking(move || {
            let given = Given {
                fetch: &job.fetch,
                lake: Some(&job.lake),
                columns: &job.layout.columns,
                options: &job.options,
                progress: job.progress.as_ref(),
                spare: &job.spare,
                pool: &job.pool,
            };
            let gathered = gather::gather(&job.objects, first, begun, given);
            let batch = Batch::new(job.places, gathered.blocks, &job.options.bucket);
            let fold = Fold::new(&batch, &job.pool);
            let new = Gathered {
                folded: Folded { batch, fold },
                accounts: gathered.accounts,
                objects: job.objects,
            };
            Ok(Some((new, gathered.done, gathered.begun)))
        })
        .await?
    }

    /// Brings a batch into the lake, and says when it leaves threads free. An object whose account ends with
    /// `End::Partly` is not in the lake whole.
    pub(crate) async fn enter(
        &self,
        gathered: Gathered,
        free: Sender<()>,
        ledger: &mut Ledger,
        report: &mut Report,
    ) -> Result<(), Error> {
        let Gathered {
            folded,
            accounts,
            objects,
        } = gathered;
        let free = Arc::new(Free(Mutex::new(Some(free))));
        let tallies = ledger.tallies(&objects, &accounts);
        let mut taken = 0;
        let mut aside = Vec::new();
        for (ordinal, mut account) in accounts {
            taken += account.records - account.rejected;
            let name = &objects[ordinal].name;
            aside.extend(account.aside.drain(..).map(|aside| aside.of(name)));
            report.enter(name, account);
        }
        self.keeper.keep(&self.lake, aside).await?;
        let written = self.bring(folded, tallies, &free, ledger, report).await?;
        report.records.written += written;
        report.records.folded += taken - written;
        Ok(())
    }

    /// Commits what the lake does not have of a batch and then its rows of the ledger, and says how many events that is.
    async fn bring(
        &self,
        mut folded: Folded,
        tallies: Vec<Tally>,
        free: &Arc<Free>,
        ledger: &mut Ledger,
        report: &mut Report,
    ) -> Result<u64, Error> {
        // An object that failed has no row of the ledger, and yet events where it did so halfway.
        if tallies.is_empty() && folded.batch.rows().is_empty() {
            return Ok(0);
        }
        let id = Uuid::new_v4();
        let mut base = self.lake.snapshot().await?;
        let all: Vec<lake::File> = base.files.clone();
        (folded, _) = self.fold(folded, all).await?;
        let mut files = None;
        for _ in 0..ATTEMPTS {
            let (written, rows) = match files.take() {
                Some(files) => files,
                None => {
                    let written;
                    (folded, written) = self.write(folded, free).await?;
                    let settled = ledger::settle(&tallies, &folded.batch, &folded.fold);
                    match ledger.write(id, settled).await {
                        Ok(rows) => (written, rows),
                        Err(error) => {
                            self.lake.discard(&written);
                            return Err(error.into());
                        }
                    }
                }
            };
            if written.is_empty() {
                ledger.append(rows, None).await?;
                self.end(folded)?;
                return Ok(0);
            }
            let info = self.info(&written, &rows);
            match self.lake.commit(&base, id, written.clone(), info).await {
                Ok(committed) => {
                    let events = written.iter().map(|file| file.file().rows).sum();
                    let version = committed.version;
                    self.account(&written, events, committed, report);
                    ledger.append(rows, Some(version)).await?;
                    self.end(folded)?;
                    return Ok(events);
                }
                Err(CommitError::Stale { snapshot }) => {
                    let added: Vec<_> = snapshot.added_since(&base).into_iter().cloned().collect();
                    let changed;
                    (folded, changed) = self.fold(folded, added).await?;
                    base = *snapshot;
                    match changed {
                        true => self.discard(&written, ledger, &rows).await,
                        false => files = Some((written, rows)),
                    }
                }
                // Where it is not known whether the commit stands, the files must stay.
                Err(error @ CommitError::Unknown { .. }) => return Err(Error::Commit(error)),
                Err(error) => {
                    self.discard(&written, ledger, &rows).await;
                    return Err(Error::Commit(error));
                }
            }
        }
        if let Some((written, rows)) = files {
            self.discard(&written, ledger, &rows).await;
        }
        Err(Error::Contention { attempts: ATTEMPTS })
    }

    /// What is left to do with a batch that is committed.
    fn end(&self, folded: Folded) -> Result<(), Error> {
        let Folded { batch, fold } = folded;
        if let Some(repeats) = &self.options.repeats {
            repeats.list(&batch, &fold).map_err(Error::Repeats)?;
        }
        self.spare.put(batch.into_blocks());
        Ok(())
    }

    async fn discard(&self, written: &[NewFile], ledger: &Ledger, rows: &NewRows) {
        self.lake.discard(written);
        ledger.discard(rows).await;
    }

    async fn fold(
        &self,
        mut folded: Folded,
        files: Vec<lake::File>,
    ) -> Result<(Folded, bool), Error> {
        let job = self.clone();
        spawn_blocking(move || {
            let files: Vec<&lake::File> = files.iter().collect();
            let Folded { batch, fold } = &mut folded;
            let changed = fold.against(
                batch,
                &job.lake,
                &files,
                &job.pool,
                job.options.repeats.is_some(),
            )?;
            Ok((folded, changed))
        })
        .await?
    }

    async fn write(
        &self,
        folded: Folded,
        free: &Arc<Free>,
    ) -> Result<(Folded, Vec<NewFile>), Error> {
        let (job, free) = (self.clone(), Arc::clone(free));
        spawn_blocking(move || {
            let Folded { batch, fold } = &folded;
            let files = write::write(batch, fold, &job, &free)?;
            Ok((folded, files))
        })
        .await?
    }

    /// What the commit says of itself for people, and for the repair of the ledger.
    fn info(
        &self,
        files: &[NewFile],
        rows: &NewRows,
    ) -> serde_json::Map<String, serde_json::Value> {
        let events: u64 = files.iter().map(|file| file.file().rows).sum();
        let mut info = [
            ("operation", "ingest".into()),
            ("events", events.into()),
            ("bucket", self.options.bucket.as_str().into()),
        ]
        .into_iter()
        .map(|(key, value): (&str, serde_json::Value)| (key.to_owned(), value))
        .collect();
        rows.name_in(&mut info);
        info
    }

    fn account(
        &self,
        files: &[NewFile],
        rows: u64,
        committed: lake::Committed,
        report: &mut Report,
    ) {
        for file in files.iter().map(NewFile::file) {
            report.files += 1;
            report.bytes.written += file.size;
            report.records.conflicts += file.conflicts;
            report.records.untimed += file.untimed().unwrap_or_default();
        }
        report.versions.push(committed.version);
        report.troubles.extend(committed.trouble);
        self.progress.committed(committed.version, rows);
    }
}
