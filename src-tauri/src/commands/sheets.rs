//! The text of the Tokens room, which Rust keeps and the page edits.

use super::{Answer, Shared, aside, text::EncodingInfo};
use crate::{
    clock::today,
    dialogs,
    error::{Code, CommandError},
    files,
    opened::{self, Opened},
    shell::Shell,
};
use playground::{
    Chat, models,
    prices::Price,
    tokens::{
        Lane,
        conversation::{ConversationParts, conversation},
        elsewhere::ModelCount,
        examples::{TokenExample, examples},
        file::TokenSheet,
        guess::{Guess, Score},
        how::HowCut,
        languages::{LanguageCounts, languages},
        sheet::{Row, RowRange, Sheet, SheetCounts, SheetEdit, SheetError, SheetLayout},
    },
};
use recordings::files::ENDING;
use serde::Serialize;
use std::sync::Arc;
use tauri::{Runtime, State, WebviewWindow};
use ts_rs::TS;

/// How long the id of a sheet may be, in bytes.
const MOST_ID: usize = 64;

/// A sheet as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SheetReading {
    /// What it comes to.
    #[serde(flatten)]
    pub counts: SheetCounts,
    /// Today's price of the model that the lanes are priced as; null if it is not known.
    pub price: Option<Price>,
    /// Which encoding that model has; null if there is no such model.
    pub own: Option<EncodingInfo>,
}

/// A conversation as a model reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ConversationReading {
    /// Its parts.
    #[serde(flatten)]
    pub parts: ConversationParts,
    /// How the text was cut.
    pub encoding: EncodingInfo,
}

/// Which languages pay more.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LanguageTable {
    /// The texts and their counts.
    #[serde(flatten)]
    pub counts: LanguageCounts,
    /// The price that they are given; null if it is not known.
    pub price: Option<Price>,
}

/// Cuts a text and keeps it under an id that the page makes; one of the same id goes.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_sheet(
    sheet: String,
    text: String,
    layout: SheetLayout,
    visible: RowRange,
    shell: Shared<'_>,
) -> Answer<SheetReading> {
    if sheet.is_empty() || sheet.len() > MOST_ID {
        return Err(CommandError::failed("the id of a sheet has 1 to 64 bytes"));
    }
    let shell = Arc::clone(&shell);
    aside(move || {
        let opened = Sheet::new(text, layout)?;
        let read = reading(&shell, &opened, visible);
        shell.sheets.keep(sheet, opened);
        Ok(read)
    })
    .await?
}

/// Changes the text of a sheet. It is refused as stale where `revision` is not that of the sheet,
/// or where there is no such sheet any more: then the page opens it again.
#[tauri::command(rename_all = "snake_case")]
pub async fn edit_sheet(
    sheet: String,
    revision: u32,
    edit: SheetEdit,
    visible: RowRange,
    shell: Shared<'_>,
) -> Answer<SheetReading> {
    with_sheet(&shell, sheet, Some(revision), move |shell, sheet| {
        sheet.edit(&edit)?;
        Ok(reading(shell, sheet, visible))
    })
    .await
}

/// Lays a sheet out in another way.
#[tauri::command(rename_all = "snake_case")]
pub async fn lay_sheet(
    sheet: String,
    layout: SheetLayout,
    visible: RowRange,
    shell: Shared<'_>,
) -> Answer<SheetReading> {
    with_sheet(&shell, sheet, None, move |shell, sheet| {
        sheet.lay(layout)?;
        Ok(reading(shell, sheet, visible))
    })
    .await
}

/// Some rows of a sheet.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_rows(
    sheet: String,
    revision: u32,
    visible: RowRange,
    shell: Shared<'_>,
) -> Answer<Vec<Row>> {
    with_sheet(&shell, sheet, Some(revision), move |_, sheet| Ok(sheet.rows(visible))).await
}

/// How the piece at a UTF-16 position was cut; null where nothing was merged.
#[tauri::command(rename_all = "snake_case")]
pub async fn how_cut(
    sheet: String,
    revision: u32,
    lane: Lane,
    at: u32,
    shell: Shared<'_>,
) -> Answer<Option<HowCut>> {
    with_sheet(&shell, sheet, Some(revision), move |_, sheet| Ok(sheet.how_cut(lane, at))).await
}

/// How far off a guess is.
#[tauri::command(rename_all = "snake_case")]
pub async fn score_guess(
    sheet: String,
    revision: u32,
    lane: Lane,
    guess: Guess,
    shell: Shared<'_>,
) -> Answer<Score> {
    with_sheet(&shell, sheet, Some(revision), move |_, sheet| {
        let score = sheet.score(lane, &guess);
        score.ok_or_else(|| CommandError::failed("the sheet has no such lane"))
    })
    .await
}

/// How many tokens the text of a sheet has for a model.
#[tauri::command(rename_all = "snake_case")]
pub async fn estimate_for(sheet: String, model: String, shell: Shared<'_>) -> Answer<ModelCount> {
    with_sheet(&shell, sheet, None, move |shell, sheet| {
        let price = price_of(shell, Some(&model));
        sheet.count_for(&model, price.as_ref()).map_err(CommandError::failed)
    })
    .await
}

/// A conversation as a model reads it, mark by mark.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_conversation(chat: Chat, model: String) -> Answer<ConversationReading> {
    aside(move || {
        let parts = conversation(&model, &chat.messages).map_err(CommandError::failed)?;
        Ok(ConversationReading { parts, encoding: models::encoding_for(&model).into() })
    })
    .await?
}

/// What the same paragraph comes to in many languages, and what one's own text does.
#[tauri::command(rename_all = "snake_case")]
pub async fn language_costs(
    price_as: Option<String>,
    own: Option<String>,
    shell: Shared<'_>,
) -> Answer<LanguageTable> {
    let price = price_of(&shell, price_as.as_deref());
    aside(move || {
        let counts = languages(own.as_deref(), price.as_ref()).map_err(CommandError::failed)?;
        Ok(LanguageTable { counts, price })
    })
    .await?
}

/// Texts that surprise.
#[tauri::command(async, rename_all = "snake_case")]
pub fn token_examples() -> &'static [TokenExample] {
    examples()
}

/// Lets the person pick a file with a token sheet; null if none was picked.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_sheet_file<R: Runtime>(window: WebviewWindow<R>) -> Answer<Option<TokenSheet>> {
    let Some(path) = dialogs::pick(&window, "Open a token sheet").await else { return Ok(None) };
    let read = aside(move || opened::read(&path)).await?;
    read.map(Some).map_err(CommandError::failed)
}

/// Asks where, and writes a token sheet to a file there; false if the person chose no place.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_sheet_file<R: Runtime>(
    sheet: TokenSheet,
    window: WebviewWindow<R>,
) -> Answer<bool> {
    let text = sheet.to_file(env!("CARGO_PKG_VERSION")).map_err(CommandError::failed)?;
    let name = files::plain_name([sheet.title.as_str(), "tokens"]) + ENDING;
    let Some(path) = dialogs::place(&window, "Save the token sheet", name).await else {
        return Ok(false);
    };
    let written = aside(move || files::write_whole(&path, text.as_bytes())).await?;
    let why = |error| CommandError::failed(format!("the file could not be written: {error}"));
    written.map(|()| true).map_err(why)
}

/// The link that opens a token sheet.
#[tauri::command(async, rename_all = "snake_case")]
pub fn sheet_link(sheet: TokenSheet) -> Answer<String> {
    sheet.to_link().map_err(CommandError::failed)
}

/// The token sheet of a link.
#[tauri::command(async, rename_all = "snake_case")]
pub fn read_sheet_link(link: String) -> Answer<TokenSheet> {
    TokenSheet::from_link(&link).map_err(CommandError::failed)
}

/// The token sheet that the program was started with, the first time it is asked for.
#[tauri::command(async, rename_all = "snake_case")]
pub fn opened_sheet(opened: State<'_, Opened>) -> Answer<Option<TokenSheet>> {
    opened.take().transpose().map_err(CommandError::failed)
}

/// Works on a sheet, one command after the other.
async fn with_sheet<T: Send + 'static>(
    shell: &Arc<Shell>,
    id: String,
    revision: Option<u32>,
    work: impl FnOnce(&Shell, &mut Sheet) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let shell = Arc::clone(shell);
    aside(move || {
        let stale = || Code::Stale.because("this text has changed: it is opened again");
        let kept = shell.sheets.find(&id).ok_or_else(stale)?;
        let mut sheet = kept.lock().map_err(|_| stale())?;
        if revision.is_some_and(|revision| revision != sheet.revision()) {
            return Err(stale());
        }
        work(&shell, &mut sheet)
    })
    .await?
}

fn reading(shell: &Shell, sheet: &Sheet, visible: RowRange) -> SheetReading {
    let price_as = sheet.layout().price_as.as_deref();
    let price = price_of(shell, price_as);
    let counts = sheet.counts(visible, price.as_ref());
    let own = price_as.map(|model| models::encoding_for(model).into());
    SheetReading { counts, price, own }
}

fn price_of(shell: &Shell, model: Option<&str>) -> Option<Price> {
    shell.prices.book().price_of(model?, &today()).cloned()
}

impl From<SheetError> for CommandError {
    fn from(error: SheetError) -> CommandError {
        let code = match error {
            // The page's text is another one than ours.
            SheetError::Place(_) => Code::Stale,
            _ => Code::Failed,
        };
        code.because(error)
    }
}
