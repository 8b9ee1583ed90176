//! What things cost: the catalogue, prices of one's own and from public lists, plans, and what
//! was spent.

use super::{Answer, Shared, aside};
use crate::{
    budget::beginnings,
    clock::today,
    dialogs,
    error::{Code, CommandError, sentence},
    prices::{PricesError, TakenFeed},
    shell::Shell,
};
use playground::{
    BaseUrl, ErrorKind, Usage,
    prices::{
        self, CatalogueRow, Dollars, Elsewhere, OwnPrice, RowOrigin, Status,
        budget::Budget,
        feed::{self, FeedDiff, FeedError, MOST_BYTES},
        month::{self, MonthPlan, MonthTable},
    },
};
use recordings::spent::{Spending, Spent};
use serde::Serialize;
use std::{collections::BTreeSet, fs::File, io::Read, path::Path, sync::Arc};
use tauri::{Runtime, WebviewWindow};
use time::OffsetDateTime;
use ts_rs::TS;

/// Every model with its prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Catalogue {
    /// The day (YYYY-MM-DD, UTC) whose prices stand in the rows.
    pub day: String,
    /// One for each model.
    pub rows: Vec<CatalogueRow>,
    /// The public list whose prices are in use; null if none was taken.
    pub feed: Option<TakenFeed>,
    /// The days (YYYY-MM-DD) of the oldest and the newest source of a price that a provider asks
    /// for; what is free and a person's own prices are not counted.
    pub checked: [String; 2],
}

/// What is spent of the budgets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BudgetState {
    /// What the runs of today came to.
    pub day: Spent,
    /// What those of this calendar month did.
    pub month: Spent,
    /// The most that runs which have not ended can still cost; counted where a budget is set.
    pub in_flight: Dollars,
    /// The budgets.
    pub budget: Budget,
}

/// Every model with its price on `day` (YYYY-MM-DD); today if null.
#[tauri::command(async, rename_all = "snake_case")]
pub fn catalogue(day: Option<String>, shell: Shared<'_>) -> Catalogue {
    catalogue_on(&shell, day.filter(|day| prices::is_day(day)).unwrap_or_else(today))
}

/// Keeps a price of the person's own, which holds before all others.
#[tauri::command(rename_all = "snake_case")]
pub async fn set_own_price(own: OwnPrice, shell: Shared<'_>) -> Answer<Catalogue> {
    changed(&shell, move |shell| shell.prices.set_own(own, &today())).await
}

/// Forgets the person's own price for a model.
#[tauri::command(rename_all = "snake_case")]
pub async fn remove_own_price(model: String, shell: Shared<'_>) -> Answer<Catalogue> {
    changed(&shell, move |shell| shell.prices.remove_own(&model)).await
}

/// Gets the public list of prices from the address in the settings, and tells what it would
/// change. Nothing is changed by that.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_feed(shell: Shared<'_>) -> Answer<FeedDiff> {
    let url = shell.preferences.get().price_feed.trim().to_owned();
    let address = BaseUrl::parse(&url).map_err(|why| Code::BadFeed.beside("price_feed", why))?;
    let client = shell.client().map_err(CommandError::failed)?;
    let bytes = client.fetch(&url, address.is_loopback(), MOST_BYTES).await.map_err(|error| {
        if error.kind == ErrorKind::FrameTooLarge {
            return Code::BadFeed.because(FeedError::TooLarge);
        }
        let said = error.said.as_deref().map(|said| format!(" ({said})")).unwrap_or_default();
        Code::BadFeed.because(format!("no list of prices came from {url}: {}{said}", error.title))
    })?;
    compare(&shell, bytes, url).await
}

/// The same with a file that the person chooses; null if they chose none.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_feed_file<R: Runtime>(
    window: WebviewWindow<R>,
    shell: Shared<'_>,
) -> Answer<Option<FeedDiff>> {
    let Some(path) = dialogs::pick(&window, "Choose a list of prices").await else {
        return Ok(None);
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = aside(move || read_file(&path)).await?;
    let bytes = bytes.map_err(|error| Code::BadFeed.because(format!("{name}: {error}")))?;
    compare(&shell, bytes, name).await.map(Some)
}

/// Takes what the list that was read as `id` says of these models, or of all.
#[tauri::command(rename_all = "snake_case")]
pub async fn take_feed(
    id: String,
    models: Option<Vec<String>>,
    shell: Shared<'_>,
) -> Answer<Catalogue> {
    changed(&shell, move |shell| shell.prices.take(&id, models.as_deref(), &today())).await
}

/// Brings back the prices that held before the last list was taken.
#[tauri::command(rename_all = "snake_case")]
pub async fn undo_feed(shell: Shared<'_>) -> Answer<Catalogue> {
    changed(&shell, |shell| shell.prices.undo()).await
}

/// What a plan of calls costs on some models.
#[tauri::command(async, rename_all = "snake_case")]
pub fn month(plan: MonthPlan, models: Vec<String>, shell: Shared<'_>) -> Answer<MonthTable> {
    Ok(month::month(&shell.prices.book(), &plan, &models, &today())?)
}

/// The same as a table for a spreadsheet.
#[tauri::command(async, rename_all = "snake_case")]
pub fn month_csv(plan: MonthPlan, models: Vec<String>, shell: Shared<'_>) -> Answer<String> {
    Ok(month::csv(&month::month(&shell.prices.book(), &plan, &models, &today())?))
}

/// What a call that `model` counted costs on other models, or on all that answer; at the prices of
/// `day`, today's if null.
#[tauri::command(async, rename_all = "snake_case")]
pub fn elsewhere(
    model: String,
    usage: Usage,
    others: Option<Vec<String>>,
    day: Option<String>,
    shell: Shared<'_>,
) -> Elsewhere {
    let day = day.filter(|day| prices::is_day(day)).unwrap_or_else(today);
    let book = shell.prices.book();
    let others = others.unwrap_or_else(|| {
        let answers = |row: &CatalogueRow| {
            let answers = matches!(row.status, Status::Active | Status::Retires);
            answers && row.price.as_ref().is_some_and(|it| it.output > Default::default())
        };
        let rows = prices::catalogue(&book, &day).into_iter().filter(answers);
        rows.map(|row| row.id).collect()
    });
    let mut elsewhere = prices::elsewhere(&book, &model, &usage, &others, &day);
    for row in &mut elsewhere.rows {
        row.unknown = row.unknown.take().map(|why| sentence(&why));
    }
    elsewhere
}

/// What the runs since the first of `days` cost, by day, model, provider and conversation. Days are
/// told by when they begin by the person's calendar, in milliseconds since 1970, the earliest first;
/// the last has no end.
#[tauri::command(rename_all = "snake_case")]
pub async fn spending(days: Vec<i64>, shell: Shared<'_>) -> Answer<Spending> {
    let recorder = shell.recorder().clone();
    Ok(aside(move || recorder.reader()?.spending(&days)).await??)
}

/// What is spent of the budgets, by a clock `offset_minutes` east of UTC.
#[tauri::command(rename_all = "snake_case")]
pub async fn budget_state(offset_minutes: i32, shell: Shared<'_>) -> Answer<BudgetState> {
    let since = beginnings(OffsetDateTime::now_utc(), offset_minutes);
    let recorder = shell.recorder().clone();
    let [day, month] = aside(move || recorder.reader()?.spent_since(since)).await??;
    let (in_flight, _) = shell.ledger.in_flight();
    Ok(BudgetState { day, month, in_flight, budget: shell.preferences.get().budget })
}

fn catalogue_on(shell: &Shell, day: String) -> Catalogue {
    let rows = prices::catalogue(&shell.prices.book(), &day);
    let prices = rows.iter().flat_map(|row| &row.prices);
    let asked = prices.filter(|it| !it.is_free() && it.origin != RowOrigin::Own);
    let dates: BTreeSet<_> = asked.map(|price| &price.date).collect();
    let checked = [dates.first(), dates.last()].map(|it| it.copied().cloned().unwrap_or_default());
    Catalogue { day, rows, feed: shell.prices.taken(), checked }
}

async fn changed(
    shell: &Arc<Shell>,
    change: impl FnOnce(&Shell) -> Result<(), PricesError> + Send + 'static,
) -> Answer<Catalogue> {
    let shell = Arc::clone(shell);
    aside(move || {
        change(&shell)?;
        Ok(catalogue_on(&shell, today()))
    })
    .await?
}

async fn compare(shell: &Arc<Shell>, bytes: Vec<u8>, source: String) -> Answer<FeedDiff> {
    let shell = Arc::clone(shell);
    aside(move || {
        let day = today();
        let feed = feed::read(&bytes, &source, &day)?;
        // Any name does that no other reading has had.
        let id = OffsetDateTime::now_utc().unix_timestamp_nanos().to_string();
        Ok(shell.prices.compare(feed, source, id, &day))
    })
    .await?
}

/// A file, but no more of it than a list of prices may have.
fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl From<PricesError> for CommandError {
    fn from(error: PricesError) -> CommandError {
        match error {
            PricesError::Own(error) => error.into(),
            PricesError::TooMany => Code::BadPrice.because(error),
            PricesError::Stale | PricesError::NothingToUndo => Code::BadFeed.because(error),
            PricesError::NotSaved(_) => CommandError::failed(error),
        }
    }
}
