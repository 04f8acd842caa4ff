using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Carries out what administrators ask for, and only for users whom they may reach.</summary>
internal sealed class Administration(MfaService mfa, IMfaUsers users, IOptions<MfaSignInOptions> options, ILoggerFactory loggers)
{
    private const int MaximumFound = 20;

    /// <returns>At most 20 users whom the administrator may reach.</returns>
    public async Task<IReadOnlyList<UserResponse>> FindAsync(HttpContext context, FindRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Length > MfaSubject.MaximumLength
            || !TryTenantOf(context, request.Tenant, out var tenant))
        {
            return [];
        }

        MfaSubject[] byId = TrySubject(request.Text, tenant) is { } subject ? [subject] : [];
        var found = await users.SearchAsync(request.Text, tenant, context.RequestAborted).ConfigureAwait(false);
        var own = TenantOf(context);
        List<UserResponse> responses = [];
        foreach (var candidate in byId.Concat(found.Where(it => own is null || it.Tenant == own)).Distinct())
        {
            if (responses.Count < MaximumFound
                && await users.FindAsync(candidate, context.RequestAborted).ConfigureAwait(false) is { } user)
            {
                responses.Add(UserResponse.From(candidate, user));
            }
        }

        return responses;
    }

    /// <returns>What was read, or the reason why not.</returns>
    public async Task<(T? Read, ProblemHttpResult? Problem)> ReadAsync<T>(HttpContext context, UserRequest request, Func<MfaStatus, T> read)
        where T : class
    {
        try
        {
            return await ResolveAsync(context, request).ConfigureAwait(false) is { } subject
                ? (read(await mfa.GetStatusAsync(subject, context.RequestAborted).ConfigureAwait(false)), null)
                : (null, AdministrationProblems.NotFound);
        }
        catch (InvalidDataException)
        {
            return (null, AdministrationProblems.Unreadable);
        }
    }

    /// <returns>The reason why nothing was changed; null if it was.</returns>
    public async Task<ProblemHttpResult?> ChangeAsync(
        HttpContext context, ReasonRequest request, string action, Func<MfaSubject, ValueTask<MfaChangeResult>> change)
    {
        if (AuditText.Refuse(request.Reason) is { } refusal)
        {
            return AdministrationProblems.ReasonRefused(refusal);
        }

        if (await ResolveAsync(context, request).ConfigureAwait(false) is not { } subject)
        {
            return AdministrationProblems.NotFound;
        }

        // A thief with the session of an administrator must not get rid of the administrator's own MFA.
        if (IdOf(context) == subject.UserId && TenantOf(context) == subject.Tenant)
        {
            return AdministrationProblems.OwnAccount;
        }

        MfaChangeOutcome? outcome = null;
        try
        {
            outcome = (await change(subject).ConfigureAwait(false)).Outcome;
        }
        finally
        {
            // If the store failed, the change may be made nevertheless.
            var told = outcome?.ToString() ?? "unknown outcome";
            Log.Administered(
                loggers.CreateLogger("Callroute.Mfa"), IdOf(context), TenantOf(context), action, subject.UserId, subject.Tenant, told);
        }

        return outcome == MfaChangeOutcome.Succeeded ? null : AdministrationProblems.Of(context, outcome.Value);
    }

    /// <returns>The user; null if there is none, or none whom the administrator may reach.</returns>
    private async Task<MfaSubject?> ResolveAsync(HttpContext context, IUserRequest request) =>
        TryTenantOf(context, request.Tenant, out var tenant) && TrySubject(request.UserId, tenant) is { } subject
        && await ExistsAsync(subject, context.RequestAborted).ConfigureAwait(false)
            ? subject
            : null;

    // The host does not return a user who may not sign in now, but such a user has a record. A reset of a mistyped id would make one.
    private async Task<bool> ExistsAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(subject, cancellationToken).ConfigureAwait(false) is not null)
        {
            return true;
        }

        try
        {
            return (await mfa.GetStatusAsync(subject, cancellationToken).ConfigureAwait(false)).BindingVersion != Guid.Empty;
        }
        catch (InvalidDataException)
        {
            // There is a record, which a reset repairs.
            return true;
        }
    }

    private static MfaSubject? TrySubject(string? userId, string? tenant)
    {
        try
        {
            return string.IsNullOrEmpty(userId) ? null : new MfaSubject(userId, tenant);
        }
        catch (ArgumentException)
        {
            // The text has not the form of an id, so no user has it.
            return null;
        }
    }

    /// <returns>The identity of the administrator; null if the request has none, or those of several users or tenants.</returns>
    public ClaimsIdentity? FindAdministrator(HttpContext context)
    {
        var own = context.User.Identities.Where(it => it.IsAuthenticated && it.HasClaim(claim => claim.Type == options.Value.UserIdClaim))
            .DistinctBy(it => (it.FindFirst(options.Value.UserIdClaim)!.Value, TenantOf(it))).ToArray();
        return own is [var only] && IsOnlyTenant(context, only) ? only : null;
    }

    // A claims transformation may add the tenant in an identity of its own. Without the tenant the administrator would reach all of them.
    private bool IsOnlyTenant(HttpContext context, ClaimsIdentity administrator) => options.Value.TenantClaim is not { } type
        || context.User.FindAll(type).All(claim => claim.Value == TenantOf(administrator));

    /// <summary>
    /// An administrator who has a tenant reaches only that one, and need not name it. In an application without tenants, nobody names one:
    /// the change would go to another record.
    /// </summary>
    private bool TryTenantOf(HttpContext context, string? named, out string? tenant)
    {
        tenant = TenantOf(context) ?? named;
        return named is null || (named == tenant && options.Value.TenantClaim is not null);
    }

    private string? TenantOf(HttpContext context) => FindAdministrator(context) is { } administrator ? TenantOf(administrator) : null;

    private string? TenantOf(ClaimsIdentity identity) =>
        options.Value.TenantClaim is { } type ? identity.FindFirst(type)?.Value : null;

    private string? IdOf(HttpContext context) => FindAdministrator(context)?.FindFirst(options.Value.UserIdClaim)?.Value;
}
