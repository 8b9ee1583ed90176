//! What the first screen needs, and what is kept for the next start.

use super::{Answer, Shared, aside};
use crate::{clock::today, settings::Settings};
use playground::{
    Control, PROVIDERS, Provider,
    dialect::Dialect,
    models::{self, End, Model},
    prices::{Book, Price},
};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use tauri::{Runtime, WebviewWindow};
use ts_rs::TS;

/// How long the page has the processors for itself before anything else is loaded.
const BREATHER: Duration = Duration::from_secs(1);

/// Everything the first screen needs.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Start {
    /// The app's version.
    pub version: String,
    /// The settings.
    pub settings: Settings,
    /// Who can answer, in the order in which they are offered.
    pub providers: Vec<ProviderInfo>,
    /// The models that we know something of.
    pub models: Vec<ModelInfo>,
    /// What the person should know, such as that damaged settings were restored.
    pub notices: Vec<String>,
    /// The date (UTC), such as `2026-11-20`.
    pub today: String,
}

/// A provider as the page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ProviderInfo {
    /// What targets call it.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The wire formats it speaks, the one to begin with first.
    pub dialects: Vec<DialectInfo>,
    /// Where it lives; null where the target says it, and for Practice.
    pub base_url: Option<String>,
    /// Whether nothing can be sent without a key.
    pub needs_key: bool,
    /// The model to begin with; empty if it cannot be known.
    pub first_model: String,
    /// The page where a key is made.
    pub keys_page: Option<String>,
}

/// A wire format as the page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DialectInfo {
    /// What targets call it, such as `openai-chat`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The parameters that it has a field for.
    pub controls: Vec<Control>,
    /// Whether it has a call that counts the tokens of a prompt.
    pub counts_tokens: bool,
}

impl From<&dyn Dialect> for DialectInfo {
    fn from(dialect: &dyn Dialect) -> DialectInfo {
        let controls = dialect.controls().to_vec();
        DialectInfo {
            id: dialect.id().into(),
            name: dialect.name().into(),
            controls,
            counts_tokens: dialect.counts_tokens(),
        }
    }
}

/// A model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelInfo {
    /// What the catalogue says.
    #[serde(flatten)]
    #[ts(flatten)]
    pub model: Model,
    /// Its price of today; null if it is not known.
    pub price: Option<Price>,
    /// Its end as it stands today; null if none is announced.
    pub end: Option<End>,
}

impl ModelInfo {
    fn on(book: &Book, model: &Model, day: &str) -> ModelInfo {
        let price = book.price_of(&model.id, day).cloned();
        ModelInfo { model: model.clone(), price, end: model.end(day) }
    }
}

/// Everything the first screen needs. It waits for nothing.
#[tauri::command(async, rename_all = "snake_case")]
pub fn start(shell: Shared<'_>) -> Start {
    let today = today();
    let book = shell.prices.book();
    let kept = [shell.prices.notice(), shell.learner.notice()].into_iter().flatten();
    let notices = shell.preferences.notices().iter().cloned().chain(kept);
    Start {
        version: env!("CARGO_PKG_VERSION").into(),
        settings: shell.preferences.get(),
        providers: PROVIDERS.iter().map(ProviderInfo::from).collect(),
        models: models::all().iter().map(|model| ModelInfo::on(&book, model, &today)).collect(),
        notices: notices.collect(),
        today,
    }
}

/// The first screen is painted: shows the window, and begins with what can wait.
#[tauri::command(rename_all = "snake_case")]
pub async fn painted<R: Runtime>(window: WebviewWindow<R>, shell: Shared<'_>) -> Answer<()> {
    let _ = window.show();
    let shell = Arc::clone(&shell);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(BREATHER).await;
        shell.practice.serve();
        shell.recorder();
        // The first Send then finds the client ready; if not, it reports why.
        aside(move || shell.client().map(drop)).await
    });
    Ok(())
}

/// Keeps the settings.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_settings(settings: Settings, shell: Shared<'_>) -> Answer<()> {
    let shell = Arc::clone(&shell);
    Ok(aside(move || shell.preferences.set(settings)).await??)
}

impl From<&Provider> for ProviderInfo {
    fn from(provider: &Provider) -> ProviderInfo {
        ProviderInfo {
            id: provider.id.into(),
            name: provider.name.into(),
            dialects: provider.dialects.iter().map(|it| DialectInfo::from(*it)).collect(),
            base_url: provider.base_url.map(str::to_owned),
            needs_key: provider.needs_key,
            first_model: provider.first_model.into(),
            keys_page: provider.keys_page.map(str::to_owned),
        }
    }
}
