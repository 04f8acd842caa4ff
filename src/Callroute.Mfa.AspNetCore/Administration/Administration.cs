using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Carries out what administrators ask for, and only for users whom they may reach.</summary>
internal sealed class Administration(MfaService mfa, AdministeredUsers users, ILoggerFactory loggers)
{
    /// <summary>The action after which the application ends what it keeps of the user's MFA.</summary>
    public const string Reset = "reset";

    public async Task<IReadOnlyList<UserResponse>> FindAsync(HttpContext context, FindRequest request) =>
        [.. (await users.SearchAsync(context, request.Text, request.Tenant).ConfigureAwait(false)).Select(UserResponse.From)];

    /// <returns>What was read, or the reason why not.</returns>
    public async Task<(T? Read, ProblemHttpResult? Problem)> ReadAsync<T>(HttpContext context, UserRequest request, Func<MfaStatus, T> read)
        where T : class
    {
        try
        {
            return await users.FindAsync(context, request.UserId, request.Tenant).ConfigureAwait(false) is (var subject, _)
                ? (read(await mfa.GetStatusAsync(subject, context.RequestAborted).ConfigureAwait(false)), null)
                : (null, AdministrationProblems.NotFound);
        }
        catch (InvalidDataException)
        {
            return (null, AdministrationProblems.Unreadable);
        }
    }

    /// <returns>
    /// The refusal. Null if the change is made and, after a reset, <see cref="IMfaUsers.AfterResetAsync"/> has succeeded.
    /// </returns>
    public async Task<ProblemHttpResult?> ChangeAsync(
        HttpContext context, ReasonRequest request, string action, Func<MfaSubject, ValueTask<MfaChangeResult>> change)
    {
        if (users.FindAdministrator(context) is not { } administrator)
        {
            return AdministrationProblems.NotOneUser;
        }

        if (AuditText.Refuse(request.Reason) is { } refusal)
        {
            return AdministrationProblems.ReasonRefused(refusal);
        }

        if (await users.FindAsync(context, request.UserId, request.Tenant).ConfigureAwait(false) is not (var subject, _))
        {
            return AdministrationProblems.NotFound;
        }

        // A thief with the session of an administrator must not get rid of the administrator's own MFA.
        if (subject == administrator)
        {
            return AdministrationProblems.OwnAccount;
        }

        var outcome = await RunLoggedAsync(administrator, action, subject, change).ConfigureAwait(false);
        return outcome != MfaChangeOutcome.Succeeded ? AdministrationProblems.Of(context, outcome)
            : action.Equals(Reset, StringComparison.OrdinalIgnoreCase) ? await EndSessionsAsync(context, subject).ConfigureAwait(false)
            : null;
    }

    private async Task<MfaChangeOutcome> RunLoggedAsync(
        MfaSubject administrator, string action, MfaSubject subject, Func<MfaSubject, ValueTask<MfaChangeResult>> change)
    {
        // If the store fails, the change may be made nevertheless.
        var told = "unknown outcome";
        try
        {
            var outcome = (await change(subject).ConfigureAwait(false)).Outcome;
            told = outcome.ToString();
            return outcome;
        }
        finally
        {
            var logger = loggers.CreateLogger("Callroute.Mfa");
            Log.Administered(logger, administrator.UserId, administrator.Tenant, action, subject.UserId, subject.Tenant, told);
        }
    }

    /// <returns>The reason why the administrator must repeat the reset; null if the application has ended what it keeps.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is logged, and the administrator repeats the reset.")]
    private static async Task<ProblemHttpResult?> EndSessionsAsync(HttpContext context, MfaSubject subject)
    {
        try
        {
            // Without the token of the request: the reset is made, so sessions must end even if the administrator has closed the page.
            await context.RequestServices.GetRequiredService<IMfaUsers>().AfterResetAsync(subject).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            Log.EndpointFailed(Log.Of(context), context.GetEndpoint()?.DisplayName, exception);
            return Problems.Busy(context);
        }
    }
}
