//! Keys: which ones there are, and keeping, importing and forgetting them. No command
//! returns a key.

use super::{Answer, Shared};
use crate::{
    keys::{KeyError, KeyPlace, PastedKey, in_environment},
    shell::Shell,
    target::{Destination, Target},
};
use playground::{BaseUrl, PROVIDERS};
use serde::Serialize;
use ts_rs::TS;

/// Every place that may have a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KeyList {
    /// One for each provider that takes a key, then one for each custom server.
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
    /// An environment variable that is set and could be imported.
    pub env: Option<String>,
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

/// Keeps the key in the provider's environment variable.
#[tauri::command(rename_all = "snake_case")]
pub async fn import_key(target: Target, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    let key = destination.provider.key_envs.iter().find_map(|name| in_environment(name));
    let key = key.ok_or(KeyError::NotInEnvironment(destination.provider.name))?;
    shell.keys.keep(&destination.base_url.origin(), key).await?;
    Ok(list(&shell).await)
}

/// Removes the key of the origin of `target` from wherever it is kept.
#[tauri::command(rename_all = "snake_case")]
pub async fn forget_key(target: Target, shell: Shared<'_>) -> Answer<KeyList> {
    let destination = taker(&shell, &target)?;
    shell.keys.forget(&destination.base_url.origin()).await?;
    Ok(list(&shell).await)
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
        keys.push(row);
    }
    KeyList { keys, notice: shell.keys.notice() }
}

fn rows(shell: &Shell) -> Vec<KeyState> {
    let providers = PROVIDERS.iter().filter_map(|provider| {
        let mut names = provider.key_envs.iter();
        let env = names.find(|name| in_environment(name).is_some()).map(|name| (*name).to_owned());
        (!provider.key_envs.is_empty()).then_some(())?;
        Some(KeyState { env, ..row(provider.base_url?, Some(provider.id))? })
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
        env: None,
    })
}
