using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Identity.Gate;
using Callroute.Mfa.AspNetCore.Identity.Import;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Callroute.Mfa.Recovery;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Changes the MFA of a user: their own, or that of another user for an administrator. One for each scope.</summary>
internal sealed class IdentityAccount<TUser>(
    IdentityMfa<TUser> identity,
    MfaService mfa,
    UserManager<TUser> users,
    MfaSignInManager<TUser> signIn,
    TimeProvider clock,
    IHttpContextAccessor http,
    UnfinishedEnrollment<TUser> enrollments,
    IdentityRows<TUser> rows)
    where TUser : class
{
    // No Base32: a person sees that it is no key, and an app refuses it. Identity's page adds a blank after every fourth character and a
    // browser shows blanks in a row as one. So no word has more than four letters, and each takes four places.
    private const string Hidden = "(0) an  app is  set up  and its key is  not here";
    private const string Refused = "(0) to  get a   key log out and log in";

    // Whether this scope has tried to begin an enrolment in vain. Identity's pages need a text then, too.
    private bool _isRefused;

    /// <summary>Whether the column says what is true. Only Callroute.Mfa writes it, and does so again here if it is wrong.</summary>
    public async Task<IdentityResult> CheckEnabledAsync(TUser user) =>
        await identity.RequirementOfAsync(user).ConfigureAwait(false) == SignInRequirement.Required
            ? IdentityResult.Success
            : Failed("MfaEnrollmentRequired", "The user has not confirmed an authenticator.");

    public async Task<IdentityResult> DisableAsync(TUser user)
    {
        var caller = await CallerOfAsync(user).ConfigureAwait(false);
        if (!await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false)
            && !(await identity.StatusOfAsync(user).ConfigureAwait(false)).IsEnabled)
        {
            return IdentityResult.Success;
        }

        if (caller.Reason is { } reason)
        {
            var ended = await mfa.ResetAsync(caller.Subject, reason, allowPasswordAlone: true).ConfigureAwait(false);
            await identity.ReloadAsync(user).ConfigureAwait(false);
            return ResultOf(ended.Outcome);
        }

        // A reset asks Identity to disable first. Ours replaces the authenticator, so that the user is never without one.
        if (MfaEndpoints.IsReset(http.HttpContext))
        {
            return IdentityResult.Success;
        }

        var policy = await identity.PolicyOfAsync(user).ConfigureAwait(false);
        var result = await mfa.DisableAsync(caller.Subject, policy, caller.Proof).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await identity.ReloadAsync(user).ConfigureAwait(false);
            await signIn.RenewAsync(user, facts => facts.Disabled(clock.GetUtcNow()), isProved: true).ConfigureAwait(false);
        }

        return await AnswerAsync(user, result.Outcome).ConfigureAwait(false);
    }

    public async Task<string?> FindKeyAsync(TUser user)
    {
        var caller = await CallerOfAsync(user).ConfigureAwait(false);
        if (MfaEndpoints.IsPersonalData(http.HttpContext))
        {
            return await mfa.ExportAsync(caller.Subject).ConfigureAwait(false);
        }

        if (caller.Session is { } session && await enrollments.FindAsync(user, session).ConfigureAwait(false) is { } enrollment)
        {
            var account = await users.AccountNameOfAsync(user).ConfigureAwait(false);
            using var offer = await mfa.ResumeEnrollmentAsync(caller.Subject, enrollment, account).ConfigureAwait(false);
            if (offer.Uri is { } uri)
            {
                return uri.Secret.RevealBase32();
            }
        }

        return (await identity.StatusOfAsync(user).ConfigureAwait(false)).IsEnabled ? Hidden : _isRefused ? Refused : null;
    }

    public async Task<IdentityResult> ResetKeyAsync(TUser user)
    {
        var caller = await CallerOfAsync(user).ConfigureAwait(false);
        if (caller.Reason is { } reason)
        {
            var reset = await mfa.ResetAsync(caller.Subject, reason).ConfigureAwait(false);
            return reset.Succeeded ? await EndAfterResetAsync(user).ConfigureAwait(false) : ResultOf(reset.Outcome);
        }

        var result = await BeginAsync(user, caller).ConfigureAwait(false);
        _isRefused = !result.Succeeded;
        return result;
    }

    /// <summary>Ends what Identity has of the user's MFA: its own factors, the sessions and the remembered browsers.</summary>
    public async Task<IdentityResult> EndAfterResetAsync(TUser user)
    {
        await rows.EndAsync(await users.GetUserIdAsync(user).ConfigureAwait(false)).ConfigureAwait(false);
        await identity.ReloadAsync(user).ConfigureAwait(false);
        return await users.UpdateSecurityStampAsync(user).ConfigureAwait(false);
    }

    public async Task<IEnumerable<string>?> IssueRecoveryCodesAsync(TUser user)
    {
        var issued = identity.NewCodes ?? await RegenerateAsync(user).ConfigureAwait(false);
        identity.NewCodes = null;
        return issued?.Reveal();
    }

    /// <summary>Issues the codes that <c>/manage/2fa</c> will ask for. The endpoint itself could not tell a refusal.</summary>
    public async Task<CodeAnswer> PrepareRecoveryCodesAsync(TUser user)
    {
        identity.NewCodes = await RegenerateAsync(user).ConfigureAwait(false);
        return identity.NewCodes is null ? http.HttpContext!.Features.GetRequiredFeature<CodeAnswer>() : CodeAnswer.Accepted;
    }

    /// <returns>0 while the codes of a confirmed enrolment wait to be shown: Identity's pages then ask for them.</returns>
    public async Task<int> CountRecoveryCodesAsync(TUser user) => identity.NewCodes is not null
        ? 0
        : (await identity.StatusOfAsync(user).ConfigureAwait(false)).RecoveryCodesLeft;

    private async Task<IssuedRecoveryCodes?> RegenerateAsync(TUser user)
    {
        var caller = await CallerOfAsync(user).ConfigureAwait(false);
        var result = await mfa.RegenerateRecoveryCodesAsync(caller.Subject, caller.Proof).ConfigureAwait(false);

        // Identity's pages do not ask whether the user has saved them, and unacknowledged codes would end after a day.
        var outcome = result.RecoveryCodes is { } issued
            ? (await mfa.AcknowledgeRecoveryCodesAsync(caller.Subject, issued.SetId).ConfigureAwait(false)).Outcome
            : result.Outcome;
        if (outcome != MfaChangeOutcome.Succeeded)
        {
            await AnswerAsync(user, outcome).ConfigureAwait(false);
            return null;
        }

        if (caller.Session?.Facts.Methods.Contains(MfaClaims.Recovery) == true)
        {
            // The receipt of a code of the old set proves nothing any more.
            await signIn.RenewAsync(user, facts => facts with { Receipt = null }).ConfigureAwait(false);
        }

        await rows.KeepCodesAsync(caller.Subject.UserId, result.RecoveryCodes!.Reveal()).ConfigureAwait(false);
        await identity.ReloadAsync(user).ConfigureAwait(false);
        return result.RecoveryCodes;
    }

    private async Task<IdentityResult> BeginAsync(TUser user, Caller caller)
    {
        // A session that a change of the password has ended must not be written again.
        if (caller.Session is not { } session || http.HttpContext is not { Response.HasStarted: false }
            || (session.IsCookie && await signIn.ValidateSecurityStampAsync(session.Ticket.Principal).ConfigureAwait(false) is null))
        {
            return Failed("MfaSignInRequired", "The user must be signed in.");
        }

        if (await identity.RequirementOfAsync(user).ConfigureAwait(false) == SignInRequirement.Unavailable)
        {
            return ResultOf(MfaChangeOutcome.Unavailable);
        }

        var status = await identity.StatusOfAsync(user).ConfigureAwait(false);
        var replaced = status.Authenticators is [var first, ..] ? first.Id : (Guid?)null;
        var account = await users.AccountNameOfAsync(user).ConfigureAwait(false);
        var proof = replaced is null ? null : caller.Proof;
        var signedInAt = session.Facts.SignedInAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        using var offer = await mfa.BeginEnrollmentAsync(caller.Subject, account, proof, replaced, signedInAt: signedInAt)
            .ConfigureAwait(false);
        return offer.Succeeded
            ? await KeepAsync(user, session, offer.EnrollmentId, replaced is not null).ConfigureAwait(false)
            : await AnswerAsync(user, offer.Outcome).ConfigureAwait(false);
    }

    private async Task<IdentityResult> KeepAsync(TUser user, CurrentSession session, Guid enrollmentId, bool replaces)
    {
        // Change the stamp only after the proof was accepted: a new stamp ends the other sessions.
        if (replaces && await users.UpdateSecurityStampAsync(user).ConfigureAwait(false) is { Succeeded: false } refusal)
        {
            return refusal;
        }

        await enrollments.KeepAsync(user, session, enrollmentId).ConfigureAwait(false);
        return IdentityResult.Success;
    }

    private async Task<Caller> CallerOfAsync(TUser user)
    {
        var subject = await users.SubjectOfAsync(user).ConfigureAwait(false);
        var session = await identity.SessionOfAsync(user).ConfigureAwait(false);
        var proof = (identity.Receipt ?? session?.Facts.Receipt) is { } receipt ? MfaProof.FromReceipt(receipt) : null;
        var other = (http.HttpContext?.User ?? await FindCircuitUserAsync().ConfigureAwait(false)) is not { } asking ? "outside a request"
            : users.GetUserId(asking) is { } id && id != subject.UserId ? $"user {id}"
            : null;
        return new Caller(subject, session, proof, other is null ? null : $"Identity's UserManager, {other}");
    }

    /// <returns>The user of the Blazor circuit; null outside one. A circuit may have no request, but its user is no
    /// administrator.</returns>
    private async Task<ClaimsPrincipal?> FindCircuitUserAsync()
    {
        try
        {
            return users.ServiceProvider.GetService<AuthenticationStateProvider>() is { } circuit
                ? (await circuit.GetAuthenticationStateAsync().ConfigureAwait(false)).User
                : null;
        }
        catch (InvalidOperationException)
        {
            // The provider says that this scope is no circuit.
            return null;
        }
    }

    /// <summary>
    /// Tells the page why a change was refused. A receipt that counts no more must not keep the gate from asking for a code.
    /// </summary>
    private async Task<IdentityResult> AnswerAsync(TUser user, MfaChangeOutcome outcome)
    {
        if (outcome != MfaChangeOutcome.Succeeded)
        {
            http.HttpContext?.Features.Set(new CodeAnswer($"Mfa{outcome}", isWait: true));
        }

        if (outcome == MfaChangeOutcome.ProofRefused)
        {
            await signIn.RenewAsync(user, facts => facts with { Receipt = null }).ConfigureAwait(false);
        }

        return ResultOf(outcome);
    }

    private static IdentityResult ResultOf(MfaChangeOutcome outcome) => outcome == MfaChangeOutcome.Succeeded
        ? IdentityResult.Success
        : Failed($"Mfa{outcome}", $"The change of MFA was refused: {outcome}.");

    private static IdentityResult Failed(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    /// <summary>Who asks for a change.</summary>
    /// <param name="Subject">The user whose MFA changes.</param>
    /// <param name="Session">The session of the user themselves; null if there is none.</param>
    /// <param name="Proof">The last verification of this request or of the session; null if there is none.</param>
    /// <param name="Reason">The reason, for the history, if an administrator asks; else null.</param>
    private sealed record Caller(MfaSubject Subject, CurrentSession? Session, MfaProof? Proof, string? Reason)
    {
        public override string ToString() => nameof(Caller);
    }
}
