using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Refuses a request whose identities are of several users. A policy of two schemes merges a cookie of one user and a token of another:
/// the role would be of one, and the tenant of the other.
/// </summary>
internal sealed class OneAdministratorFilter(AdministeredUsers users) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        users.FindAdministrator(context.HttpContext) is null ? new(AdministrationProblems.NotOneUser) : next(context);
}
