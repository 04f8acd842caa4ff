using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Refuses a request whose identities are of several users or tenants, or not of the user of the session.</summary>
internal sealed class OneAdministratorFilter(AdministeredUsers users, PageUser session, PageResponder pages) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        users.FindAdministrator(context.HttpContext) is { } administrator
        && await session.FindAsync(context.HttpContext).ConfigureAwait(false) is { } signedIn
        && session.SubjectOf(signedIn) == administrator
            ? await next(context).ConfigureAwait(false)
            : SignIn.Again(context.HttpContext, pages);
}
