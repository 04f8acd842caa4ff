using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Finds the administrator of a request, and only users whom this administrator may reach.</summary>
internal sealed class AdministeredUsers(MfaService mfa, IMfaUsers users, IOptions<MfaSignInOptions> options)
{
    private const int MaximumFound = 20;

    /// <returns>The administrator; null if the request has nobody's identity, or those of several users or tenants.</returns>
    public MfaSubject? FindAdministrator(HttpContext context) => ClaimedSubject.FindOnly(context.User, options.Value);

    /// <summary>Finds users by their id, and by the application's own search.</summary>
    /// <returns>At most 20 users, each with the application's row; without it if they may not sign in now.</returns>
    public async Task<IReadOnlyList<(MfaSubject Subject, MfaUser? Row)>> SearchAsync(HttpContext context, string? text, string? tenant)
    {
        var administrator = FindAdministrator(context);
        if (string.IsNullOrWhiteSpace(text) || text.Length > MfaSubject.MaximumLength
            || !TryTenantOf(administrator, tenant, out var searched))
        {
            return [];
        }

        MfaSubject[] byId = ClaimedSubject.TryCreate(text, searched) is { } subject ? [subject] : [];
        var bySearch = await users.SearchAsync(text, searched, context.RequestAborted).ConfigureAwait(false);
        List<(MfaSubject, MfaUser?)> found = [];
        foreach (var candidate in byId.Concat(bySearch.Where(it => IsReachedBy(administrator, it))).Distinct())
        {
            if (found.Count < MaximumFound && await FindAsync(candidate, context.RequestAborted).ConfigureAwait(false) is { } user)
            {
                found.Add(user);
            }
        }

        return found;
    }

    /// <returns>The user, without the application's row if they may not sign in now; null if the administrator reaches none.</returns>
    public async Task<(MfaSubject Subject, MfaUser? Row)?> FindAsync(HttpContext context, string? userId, string? tenant) =>
        TryTenantOf(FindAdministrator(context), tenant, out var searched) && ClaimedSubject.TryCreate(userId, searched) is { } subject
            ? await FindAsync(subject, context.RequestAborted).ConfigureAwait(false)
            : null;

    // The host does not return a user who may not sign in now, but such a user has a record. A reset of a mistyped id would make one.
    private async Task<(MfaSubject Subject, MfaUser? Row)?> FindAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        var row = await users.FindAsync(subject, cancellationToken).ConfigureAwait(false);
        return row is not null || await HasRecordAsync(subject, cancellationToken).ConfigureAwait(false) ? (subject, row) : null;
    }

    private async Task<bool> HasRecordAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
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

    /// <summary>
    /// An administrator who has a tenant reaches only that one, and need not name it. In an application without tenants, nobody names one:
    /// the change would go to another record.
    /// </summary>
    private bool TryTenantOf(MfaSubject? administrator, string? named, out string? tenant)
    {
        tenant = administrator is { } one ? one.Tenant ?? named : null;
        return administrator is not null && (named is null || (named == tenant && options.Value.TenantClaim is not null));
    }

    private bool IsReachedBy(MfaSubject? administrator, MfaSubject subject) =>
        TryTenantOf(administrator, subject.Tenant, out var tenant) && tenant == subject.Tenant;
}
