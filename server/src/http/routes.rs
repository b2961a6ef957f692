//! The list of routes: none is served that is not in it with its guard and its purpose. The tests
//! walk it, and the description of the interface is made of it.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::failure::{self, Failure};
use super::guard::{self, Guard};
use super::{App, headers, metrics, tls};

/// The most bytes of a request's body, where the route says nothing else.
const BODY_MAX: usize = 64 * 1024;
/// The most bytes of a picture.
const PICTURE_MAX: usize = protocol::note::PHOTO_BYTES_MAX;
/// The most bytes of an upload.
pub const UPLOAD_MAX: usize = 20 * 1024 * 1024;

/// A route as the tests and the description know it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// Who it is for.
    pub guard: Guard,
    /// What it does, in a few words.
    pub about: &'static str,
    /// The body that it takes, as JSON.
    pub takes: Option<Body>,
    /// The body that it answers with, as JSON.
    pub gives: Option<Body>,
}

/// Makes the schema of a body.
pub type Body = fn(&mut SchemaGenerator) -> Schema;

/// Routes being gathered.
#[derive(Default)]
pub struct Routes {
    list: Vec<Route>,
    handlers: Vec<Handling>,
}

/// How a route is put into a router, once the state is known.
type Handling = Box<dyn FnOnce(Router<App>, &App) -> Router<App> + Send>;

impl Routes {
    /// Adds a route.
    #[must_use]
    pub fn add<H, T>(
        self,
        method: Method,
        path: &'static str,
        guard: Guard,
        about: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add_with(method, path, guard, about, BODY_MAX, handler)
    }

    /// Adds a route that takes up to [`UPLOAD_MAX`] bytes.
    #[must_use]
    pub fn add_upload<H, T>(self, path: &'static str, guard: Guard, about: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add_with(Method::POST, path, guard, about, UPLOAD_MAX, handler)
    }

    /// Adds a route that takes a picture of up to [`PICTURE_MAX`] bytes.
    #[must_use]
    pub fn add_picture<H, T>(self, path: &'static str, guard: Guard, about: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add_with(Method::PUT, path, guard, about, PICTURE_MAX, handler)
    }

    /// Says what the route that was added last takes.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        if let Some(route) = self.list.last_mut() {
            route.takes = Some(SchemaGenerator::subschema_for::<T>);
        }
        self
    }

    /// Says what the route that was added last answers with.
    #[must_use]
    pub fn gives<T: JsonSchema>(mut self) -> Self {
        if let Some(route) = self.list.last_mut() {
            route.gives = Some(SchemaGenerator::subschema_for::<T>);
        }
        self
    }

    fn add_with<H, T>(
        mut self,
        method: Method,
        path: &'static str,
        guard: Guard,
        about: &'static str,
        body_max: usize,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        // Every method used here has a filter; one that had none would be a route that is not served,
        // and the walk over the list would find it.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        self.list.push(Route { method, path, guard, about, takes: None, gives: None });
        self.handlers.push(Box::new(move |router, app| {
            let guarded: MethodRouter<App> = on(filter, handler)
                .layer(DefaultBodyLimit::max(body_max))
                .layer(middleware::from_fn_with_state((app.clone(), guard), guard::check));
            router.route(path, guarded)
        }));
        self
    }

    /// What there is.
    #[must_use]
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router that serves them.
    pub fn router(self, app: App) -> Router {
        let router = self.handlers.into_iter().fold(Router::new(), |router, add| add(router, &app));
        router
            .fallback(async || Failure::not_found())
            .layer(middleware::from_fn_with_state(app.clone(), tls::lead))
            .layer(middleware::from_fn(failure::say))
            .layer(middleware::from_fn_with_state(app.clone(), metrics::count))
            .layer(middleware::from_fn_with_state(app.clone(), headers::secure))
            .with_state(app)
    }
}
