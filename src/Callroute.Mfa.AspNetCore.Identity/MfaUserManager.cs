using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Manages Identity's users. Authenticators and recovery codes are those of <see cref="MfaService"/>.</summary>
/// <remarks>
/// <para>Derive your own manager from it; the constructor is that of <see cref="UserManager{TUser}"/>.</para>
/// <para>
/// A change of the signed-in user's own MFA needs a verification of the last <see cref="MfaOptions.StepUpAge"/>. A change of another user,
/// or outside a request, is an administrator's: check before who asks for it. In a circuit of Blazor Server, users cannot change their own
/// MFA: no verification can be proved there.
/// </para>
/// </remarks>
/// <typeparam name="TUser">The type of the users.</typeparam>
public class MfaUserManager<TUser> : UserManager<TUser>
    where TUser : class
{
    /// <summary>Creates a manager.</summary>
    /// <param name="store">Stores the users.</param>
    /// <param name="optionsAccessor">Identity's settings.</param>
    /// <param name="passwordHasher">Hashes passwords.</param>
    /// <param name="userValidators">Check users.</param>
    /// <param name="passwordValidators">Check passwords.</param>
    /// <param name="keyNormalizer">Normalizes names.</param>
    /// <param name="errors">Describes errors.</param>
    /// <param name="services">The services of the scope.</param>
    /// <param name="logger">The log.</param>
    public MfaUserManager(
        IUserStore<TUser> store,
        IOptions<IdentityOptions> optionsAccessor,
        IPasswordHasher<TUser> passwordHasher,
        IEnumerable<IUserValidator<TUser>> userValidators,
        IEnumerable<IPasswordValidator<TUser>> passwordValidators,
        ILookupNormalizer keyNormalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<TUser>> logger)
        : base(store, optionsAccessor, passwordHasher, userValidators, passwordValidators, keyNormalizer, errors, services, logger)
    {
    }

    private IdentityMfa<TUser> Mfa => ServiceProvider.GetRequiredService<IdentityMfa<TUser>>();

    private IdentityAccount<TUser> Account => ServiceProvider.GetRequiredService<IdentityAccount<TUser>>();

    /// <summary>
    /// Enabling succeeds if an authenticator was confirmed; the column is written then. Disabling removes authenticators and recovery
    /// codes.
    /// </summary>
    /// <inheritdoc/>
    public override Task<IdentityResult> SetTwoFactorEnabledAsync(TUser user, bool enabled) =>
        enabled ? Account.CheckEnabledAsync(user) : Account.DisableAsync(user);

    /// <summary>
    /// Returns the key of an enrolment that this session has begun. The key of an authenticator in use is never shown again: the result is
    /// then a text that is no key.
    /// </summary>
    /// <inheritdoc/>
    public override Task<string?> GetAuthenticatorKeyAsync(TUser user) => Account.FindKeyAsync(user);

    /// <summary>
    /// Begins an enrolment. For a user who has an authenticator, it also changes the security stamp, and the old authenticator works until
    /// the new one is confirmed. For another user than the signed-in one, it resets their MFA.
    /// </summary>
    /// <inheritdoc/>
    public override Task<IdentityResult> ResetAuthenticatorKeyAsync(TUser user) => Account.ResetKeyAsync(user);

    /// <summary>Returns the codes of the enrolment that this request has confirmed, else replaces the user's codes by new ones.</summary>
    /// <returns>As many codes as <see cref="Recovery.RecoveryOptions.Count"/> says; null if they were refused.</returns>
    /// <inheritdoc/>
    public override Task<IEnumerable<string>?> GenerateNewTwoFactorRecoveryCodesAsync(TUser user, int number) =>
        Account.IssueRecoveryCodesAsync(user);

    /// <summary>Verifies a recovery code, and consumes it.</summary>
    /// <inheritdoc/>
    public override async Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(TUser user, string code)
    {
        var answer = await Mfa.CheckAsync(user, code).ConfigureAwait(false);
        return answer.Succeeded ? IdentityResult.Success : IdentityResult.Failed(ErrorDescriber.RecoveryCodeRedemptionFailed());
    }

    /// <inheritdoc/>
    public override Task<int> CountRecoveryCodesAsync(TUser user) => Account.CountRecoveryCodesAsync(user);

    /// <summary>Deletes the user, then erases their MFA record.</summary>
    /// <remarks>
    /// In this order, because a crash between the two must not leave a user without MFA. A record without a user lets nobody in. If the
    /// erasure fails, an exception is thrown, and <see cref="MfaService.EraseAsync"/> must be called again.
    /// </remarks>
    /// <inheritdoc/>
    public override async Task<IdentityResult> DeleteAsync(TUser user)
    {
        var subject = await this.SubjectOfAsync(user).ConfigureAwait(false);
        var result = await base.DeleteAsync(user).ConfigureAwait(false);
        return result.Succeeded
            && await Mfa.Service.EraseAsync(subject).ConfigureAwait(false) is { Outcome: not MfaChangeOutcome.NotEnrolled } erased
            && !erased.Succeeded
                ? throw new InvalidOperationException($"The user is deleted, but their MFA record is not: {erased.Outcome}. Erase it.")
                : result;
    }

    /// <summary>Writes the column, as Callroute.Mfa tells it, and changes the security stamp.</summary>
    internal Task<IdentityResult> WriteTwoFactorEnabledAsync(TUser user, bool enabled) => base.SetTwoFactorEnabledAsync(user, enabled);

    /// <summary>Ends what Identity has of the user's MFA, after a reset.</summary>
    internal Task<IdentityResult> EndAfterResetAsync(TUser user) => Account.EndAfterResetAsync(user);
}
