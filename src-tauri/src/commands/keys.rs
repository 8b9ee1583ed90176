//! Keys: which ones there are, and keeping, importing and forgetting them. No command
//! returns a key.

use super::{Answer, Shared, aside};
use crate::{
    dialogs,
    error::CommandError,
    keys::{
        KeyCheck, KeyError, KeyPlace, PastedKey,
        env_file::{self, NamedKey},
        in_environment,
    },
    shell::Shell,
    target::Destination,
};
use playground::{BaseUrl, PROVIDERS, Provider, Target};
use serde::Serialize;
use tauri::{Runtime, WebviewWindow};
use ts_rs::TS;

/// Every place that may have a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KeyList {
    /// One for each provider with an address of its own, then one for each custom server.
    pub keys: Vec<KeyState>,
    /// Why keys are kept for this session only, if they are.
    pub notice: Option<String>,
}

/// What the page may know of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KeyState {
    /// Where requests go.
    pub base_url: String,
    /// What the key belongs to: the scheme, host and port of the address.
    pub origin: String,
    /// The provider's id; null for a custom server.
    pub provider: Option<String>,
    /// How the key ends, such as `…abcd`; null without a key, or if it is too short to hint at.
    pub hint: Option<String>,
    /// Where the key is kept; null if there is none.
    pub place: Option<KeyPlace>,
    /// The environment variables that are set and could be imported.
    pub envs: Vec<String>,
    /// What the server said of it; null if it was not asked since the app was opened.
    pub check: Option<KeyCheck>,
}

/// What came of importing a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ImportedKeys {
    /// The names of the variables whose keys were kept.
    pub names: Vec<String>,
    /// Every place that may have a key, as it is now.
    pub list: KeyList,
}

/// Every place that may have a key. It may wait for the keyring.
#[tauri::command(rename_all = "snake_case")]
pub async fn keys(shell: Shared<'_>) -> Answer<KeyList> {
    Ok(list(&shell).await)
}

/// Keeps a key for the origin of `target`.
#[tauri::command(rename_all = "snake_case")]
pub async fn set_key(target: Target, key: PastedKey, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    shell.keys.keep(&destination.base_url.origin(), key).await?;
    Ok(list(&shell).await)
}

/// Keeps the key in `name`, one of the provider's environment variables.
#[tauri::command(rename_all = "snake_case")]
pub async fn import_key(target: Target, name: String, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    let is_known = destination.provider.key_envs.contains(&&*name);
    let key = is_known.then(|| in_environment(&name)).flatten();
    let key = key.ok_or(KeyError::NotInEnvironment(name))?;
    shell.keys.keep(&destination.base_url.origin(), key).await?;
    Ok(list(&shell).await)
}

/// Lets the person pick a `.env` file, and keeps the keys in it that belong to a provider;
/// null if none was picked.
#[tauri::command(rename_all = "snake_case")]
pub async fn import_key_file<R: Runtime>(
    window: WebviewWindow<R>,
    shell: Shared<'_>,
) -> Answer<Option<ImportedKeys>> {
    let Some(path) = dialogs::pick(&window, "Choose a .env file").await else { return Ok(None) };
    let keys = aside(move || env_file::read(&path)).await?.map_err(KeyError::from)?;
    let mut names = Vec::new();
    for NamedKey { name, base_url, key } in keys {
        let origin = BaseUrl::parse(base_url).map_err(CommandError::failed)?.origin();
        shell.keys.keep(&origin, key).await?;
        names.push(name.to_owned());
    }
    Ok(Some(ImportedKeys { names, list: list(&shell).await }))
}

/// Removes the key of the origin of `target` from wherever it is kept.
#[tauri::command(rename_all = "snake_case")]
pub async fn forget_key(target: Target, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    shell.keys.forget(&destination.base_url.origin()).await?;
    Ok(list(&shell).await)
}

/// Asks the server of `target` whether it accepts its key, with a call that costs nothing.
#[tauri::command(rename_all = "snake_case")]
pub async fn check_key(target: Target, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    let check = shell.check_key(&destination).await;
    shell.keys.note_check(&destination.base_url.origin(), check);
    Ok(list(&shell).await)
}

/// Opens the page where a provider's keys are made in the person's browser. The page names a
/// provider and no address, so there is nowhere else that it could lead.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_keys_page(provider: String) -> Answer<()> {
    let page = Provider::find(&provider).and_then(|it| it.keys_page);
    let page = page.ok_or(KeyError::NoPage(provider))?;
    Ok(aside(move || open::that_detached(page)).await?.map_err(KeyError::NoBrowser)?)
}

fn taker(shell: &Shell, target: &Target) -> Answer<Destination> {
    let destination = shell.destination(target)?;
    match destination.is_practice() {
        true => Err(KeyError::TakesNone(destination.provider.name).into()),
        false => Ok(destination),
    }
}

async fn list(shell: &Shell) -> KeyList {
    let mut keys = Vec::new();
    for mut row in rows(shell) {
        if let Some((place, hint)) = shell.keys.state(&row.origin).await {
            (row.place, row.hint) = (Some(place), hint);
        }
        row.check = shell.keys.check_of(&row.origin);
        keys.push(row);
    }
    KeyList { keys, notice: shell.keys.notice() }
}

fn rows(shell: &Shell) -> Vec<KeyState> {
    let providers = PROVIDERS.iter().filter_map(|provider| {
        let names = provider.key_envs.iter().filter(|name| in_environment(name).is_some());
        let envs = names.map(|name| (*name).to_owned()).collect();
        Some(KeyState { envs, ..row(provider.base_url?, Some(provider.id))? })
    });
    let servers = shell.preferences.get().servers;
    let servers = servers.iter().filter_map(|server| row(&server.base_url, None));
    providers.chain(servers).collect()
}

fn row(base_url: &str, provider: Option<&str>) -> Option<KeyState> {
    let address = BaseUrl::parse(base_url).ok()?;
    Some(KeyState {
        base_url: address.as_str().to_owned(),
        origin: address.origin(),
        provider: provider.map(str::to_owned),
        hint: None,
        place: None,
        envs: Vec::new(),
        check: None,
    })
}
