//! The system's own dialogs for files. The page asks for one and never learns a path.

use rfd::{AsyncFileDialog, FileHandle};
use std::{future::Future, path::PathBuf};
use tauri::{Runtime, WebviewWindow};
use tokio::sync::oneshot;

/// A name for people, and the endings that belong to it.
pub type Kind = (&'static str, &'static [&'static str]);

/// Lets the person choose a file to be read; none if they did not.
pub async fn pick<R: Runtime>(window: &WebviewWindow<R>, title: &'static str) -> Option<PathBuf> {
    ask(window, move |dialog| dialog.set_title(title).pick_file()).await.map(path)
}

/// The same for several files; none if they chose none.
pub async fn pick_several<R: Runtime>(
    window: &WebviewWindow<R>,
    title: &'static str,
    kind: Kind,
) -> Option<Vec<PathBuf>> {
    let picked = ask(window, move |dialog| {
        dialog
            .set_title(title)
            .add_filter(kind.0, kind.1)
            .add_filter("All files", &["*"])
            .pick_files()
    });
    Some(picked.await?.into_iter().map(path).collect())
}

/// Lets the person say where a file is to be written; none if they did not. An existing one was
/// asked about.
pub async fn place<R: Runtime>(
    window: &WebviewWindow<R>,
    title: &'static str,
    name: String,
) -> Option<PathBuf> {
    ask(window, move |dialog| dialog.set_title(title).set_file_name(name).save_file())
        .await
        .map(path)
}

fn path(file: FileHandle) -> PathBuf {
    file.path().to_owned()
}

/// GTK and AppKit want their dialogs made on the main thread; the answer may take minutes.
async fn ask<R: Runtime, T, Answer>(
    window: &WebviewWindow<R>,
    make: impl FnOnce(AsyncFileDialog) -> Answer + Send + 'static,
) -> Option<T>
where
    T: Send + 'static,
    Answer: Future<Output = Option<T>> + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    let parent = window.clone();
    let open = move || {
        let answer = make(AsyncFileDialog::new().set_parent(&parent));
        tauri::async_runtime::spawn(async move {
            // Whoever asked may be gone.
            let _ = tell.send(answer.await);
        });
    };
    window.run_on_main_thread(open).ok()?;
    told.await.ok().flatten()
}
