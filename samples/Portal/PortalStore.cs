namespace Callroute.Portal;

internal enum PortalStore
{
    Sqlite,
    Postgres,
    Redis,
}
