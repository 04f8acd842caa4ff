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
    IServiceProvider services,
    IHttpContextAccessor http,
    UnfinishedEnrollment<TUser> enrollments,
    IdentityRows<TUser> rows)
    where TUser : class
{
    // No Base32: a person sees that it is no key, and an app refuses it.
    private const string Hidden = "(0) not shown: an authenticator is in use. Reset it to get a new key.";
    private const string Refused = "(0) no key: sign in again, then set up the authenticator.";

    // Whether this scope has tried to begin an enrolment in vain. Identity's pages need a text then, too.
    private bool _isRefused;

    private Guid? _begun;

    private UserManager<TUser> Users => services.GetRequiredService<UserManager<TUser>>();

    private MfaSignInManager<TUser> SignIn => (MfaSignInManager<TUser>)services.GetRequiredService<SignInManager<TUser>>();

    /// <summary>Whether the column says what is true. Only Callroute.Mfa writes it.</summary>
    public async Task<IdentityResult> CheckEnabledAsync(TUser user)
    {
        var subject = await identity.SubjectOfAsync(user).ConfigureAwait(false);
        var status = await mfa.GetStatusAsync(subject).ConfigureAwait(false);
        if (!status.IsEnabled)
        {
            return Failed("MfaEnrollmentRequired", "The user has not confirmed an authenticator.");
        }

        if (!await Users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false))
        {
            // The write of the column failed before: this delivers it again.
            await identity.RequirementOfAsync(user).ConfigureAwait(false);
        }

        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DisableAsync(TUser user)
    {
        var (subject, caller) = await CallerOfAsync(user).ConfigureAwait(false);
        if (!await Users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false)
            && !(await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled)
        {
            return IdentityResult.Success;
        }

        if (caller.Reason is { } reason)
        {
            var ended = await mfa.ResetAsync(subject, reason, allowPasswordAlone: true).ConfigureAwait(false);
            await identity.ReloadAsync(user).ConfigureAwait(false);
            return ResultOf(ended.Outcome);
        }

        // A reset asks Identity to disable first. Ours replaces the authenticator, so that the user is never without one.
        if (MfaEndpoints.IsReset(http.HttpContext))
        {
            return IdentityResult.Success;
        }

        var policy = await identity.PolicyOfAsync(user).ConfigureAwait(false);
        var result = await mfa.DisableAsync(subject, policy, caller.Proof(identity.Receipt)).ConfigureAwait(false);
        if (result.Succeeded)
        {
            await identity.ReloadAsync(user).ConfigureAwait(false);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await SignIn.RenewAsync(user, facts => facts.Disabled(now)).ConfigureAwait(false);
        }

        return await AnswerAsync(user, result.Outcome).ConfigureAwait(false);
    }

    public async Task<string?> FindKeyAsync(TUser user)
    {
        var (subject, caller) = await CallerOfAsync(user).ConfigureAwait(false);
        if (MfaEndpoints.IsPersonalData(http.HttpContext))
        {
            return await mfa.ExportAsync(subject).ConfigureAwait(false);
        }

        if ((_begun ?? await FindEnrollmentAsync(user, caller.Session).ConfigureAwait(false)) is { } enrollment)
        {
            var account = await identity.AccountNameOfAsync(user).ConfigureAwait(false);
            using var offer = await mfa.ResumeEnrollmentAsync(subject, enrollment, account).ConfigureAwait(false);
            if (offer.Uri is { } uri)
            {
                return uri.Secret.RevealBase32();
            }
        }

        return (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled ? Hidden : _isRefused ? Refused : null;
    }

    public async Task<IdentityResult> ResetKeyAsync(TUser user)
    {
        var (subject, caller) = await CallerOfAsync(user).ConfigureAwait(false);
        if (caller.Reason is { } reason)
        {
            var reset = await mfa.ResetAsync(subject, reason).ConfigureAwait(false);
            if (!reset.Succeeded)
            {
                return ResultOf(reset.Outcome);
            }

            await rows.EndAsync(subject.UserId).ConfigureAwait(false);
            await identity.ReloadAsync(user).ConfigureAwait(false);
            return await Users.UpdateSecurityStampAsync(user).ConfigureAwait(false);
        }

        var result = await BeginAsync(user, subject, caller).ConfigureAwait(false);
        _isRefused = !result.Succeeded;
        return result;
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
        : (await mfa.GetStatusAsync(await identity.SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false)).RecoveryCodesLeft;

    private async Task<IssuedRecoveryCodes?> RegenerateAsync(TUser user)
    {
        var (subject, caller) = await CallerOfAsync(user).ConfigureAwait(false);
        var result = await mfa.RegenerateRecoveryCodesAsync(subject, caller.Proof(identity.Receipt)).ConfigureAwait(false);
        if (result.RecoveryCodes is not { } issued)
        {
            await AnswerAsync(user, result.Outcome).ConfigureAwait(false);
            return null;
        }

        if (caller.Session?.Facts.SecondFactor == MfaClaims.Recovery)
        {
            // The receipt of a code of the old set proves nothing any more.
            await SignIn.RenewAsync(user, facts => facts, dropsReceipt: true).ConfigureAwait(false);
        }

        // Identity's pages do not ask whether the user has saved them, and unacknowledged codes would end after a day.
        var kept = await mfa.AcknowledgeRecoveryCodesAsync(subject, issued.SetId).ConfigureAwait(false);
        if (!kept.Succeeded)
        {
            await AnswerAsync(user, kept.Outcome).ConfigureAwait(false);
            return null;
        }

        await rows.KeepCodesAsync(subject.UserId, issued.Reveal()).ConfigureAwait(false);
        await identity.ReloadAsync(user).ConfigureAwait(false);
        return issued;
    }

    private async Task<IdentityResult> BeginAsync(TUser user, MfaSubject subject, Caller caller)
    {
        if (caller.Session is not { } session || http.HttpContext is not { Response.HasStarted: false })
        {
            return Failed("MfaSignInRequired", "The user must be signed in.");
        }

        var requirement = await identity.RequirementOfAsync(user).ConfigureAwait(false);
        var proof = caller.Proof(identity.Receipt);
        if (requirement == SignInRequirement.Unavailable || (requirement == SignInRequirement.Required && proof is null))
        {
            return ResultOf(requirement == SignInRequirement.Required ? MfaChangeOutcome.ProofRequired : MfaChangeOutcome.Unavailable);
        }

        var replaced = (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).Authenticators is [var first, ..] ? first.Id : (Guid?)null;
        var account = await identity.AccountNameOfAsync(user).ConfigureAwait(false);
        using var offer = await mfa.BeginEnrollmentAsync(
            subject, account, replaced is null ? null : proof, replaced, signedInAt: caller.SignedInAt).ConfigureAwait(false);
        return offer.Succeeded && await KeepAsync(user, session, offer.EnrollmentId, replaced is not null).ConfigureAwait(false) is
        { Succeeded: false } refusal
            ? refusal
            : await AnswerAsync(user, offer.Outcome).ConfigureAwait(false);
    }

    private async Task<IdentityResult> KeepAsync(TUser user, CurrentSession session, Guid enrollmentId, bool replaces)
    {
        // Change the stamp only after the proof was accepted: a new stamp ends the other sessions.
        if (replaces && await Users.UpdateSecurityStampAsync(user).ConfigureAwait(false) is { Succeeded: false } refusal)
        {
            return refusal;
        }

        _begun = enrollmentId;
        var named = session with { Facts = session.Facts.WithId() };
        await enrollments.KeepAsync(user, named, enrollmentId).ConfigureAwait(false);
        if (replaces || session.Facts.Id is null)
        {
            await SignIn.RenewAsync(user, _ => named.Facts).ConfigureAwait(false);
        }

        return IdentityResult.Success;
    }

    private async Task<Guid?> FindEnrollmentAsync(TUser user, CurrentSession? session) =>
        session is null ? null : await enrollments.FindAsync(user, session).ConfigureAwait(false);

    private async Task<(MfaSubject Subject, Caller Caller)> CallerOfAsync(TUser user)
    {
        var subject = await identity.SubjectOfAsync(user).ConfigureAwait(false);
        var session = await identity.SessionOf(subject).ConfigureAwait(false);
        var caller = (http.HttpContext?.User ?? await FindCircuitUserAsync().ConfigureAwait(false)) is not { } asking ? "outside a request"
            : Users.GetUserId(asking) is { } id && id != subject.UserId ? $"user {id}"
            : null;
        return (subject, new Caller(session, caller is null ? null : $"Identity's UserManager, {caller}"));
    }

    /// <returns>The user of the Blazor circuit; null outside one. A circuit may have no request, but its user is no
    /// administrator.</returns>
    private async Task<ClaimsPrincipal?> FindCircuitUserAsync()
    {
        try
        {
            return services.GetService<AuthenticationStateProvider>() is { } circuit
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
            http.HttpContext?.Features.Set(CodeAnswer.Of(outcome) with { IsWait = true });
        }

        if (outcome == MfaChangeOutcome.ProofRefused)
        {
            await SignIn.RenewAsync(user, facts => facts, dropsReceipt: true).ConfigureAwait(false);
        }

        return ResultOf(outcome);
    }

    private static IdentityResult ResultOf(MfaChangeOutcome outcome) => outcome == MfaChangeOutcome.Succeeded
        ? IdentityResult.Success
        : Failed($"Mfa{outcome}", $"The change of MFA was refused: {outcome}.");

    private static IdentityResult Failed(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    /// <summary>Who asks for a change.</summary>
    /// <param name="Session">The session of the user themselves; null if there is none.</param>
    /// <param name="Reason">The reason, for the history, if an administrator asks; else null.</param>
    private sealed record Caller(CurrentSession? Session, string? Reason)
    {
        public DateTimeOffset? SignedInAt => Session?.Facts.SignedInAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

        /// <returns>The receipt of this request, else of the session; null if there is none.</returns>
        public MfaProof? Proof(MfaReceipt? ofRequest) =>
            (ofRequest ?? (Session is null ? null : SessionReceipt.Find(Session.Ticket.Properties))) is { } receipt
                ? MfaProof.FromReceipt(receipt)
                : null;

        public override string ToString() => nameof(Caller);
    }
}
