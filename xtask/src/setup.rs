//! What has to be on the machine before a command can work.
//!
//! On Debian and Ubuntu what is missing is installed, once, and named as it is. Elsewhere it is
//! named together with how to get it: we do not know those systems well enough to change them.

mod apt;
pub mod curl;
mod elsewhere;
mod node;
pub mod python;
mod rust;

use crate::error::Error;
use crate::project::Project;

pub use node::Node;

/// How much a command needs; each includes the one before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Node and npm.
    Page,
    /// The libraries that the app is linked with.
    App,
    /// The tools that check the code and drive the window.
    Checks,
}

/// Installs what is missing, or says how to. Where nothing is missing nothing is printed.
pub fn ensure(project: &Project, need: Need) -> Result<Node, Error> {
    let node = Node::find(project);
    if !apt::is_here() {
        return elsewhere::check(need, node);
    }
    let mut packages = apt::packages(need);
    if node.is_none() {
        packages.extend(node::packages_to_fetch_with());
    }
    apt::install(&packages)?;
    if need >= Need::Checks {
        rust::ensure_components()?;
    }
    node.map_or_else(|| Node::fetch(project), Ok)
}
