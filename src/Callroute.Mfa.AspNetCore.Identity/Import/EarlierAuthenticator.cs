using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>
/// The authenticator that a user without a record may have from the time before this package, in Identity's own table. This is the only
/// place that knows of it.
/// </summary>
/// <remarks>Today nothing is moved, so such a user cannot sign in.</remarks>
[SuppressMessage("Performance", "CA1822", Justification = "Callers must not know that nothing is moved yet.")]
internal sealed class EarlierAuthenticator<TUser>
    where TUser : class
{
    /// <summary>Whether the user has such an authenticator, and it was not moved yet. Asked when a sign-in finds no record.</summary>
    public Task<bool> IsWaitingAsync(TUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(false);
    }

    /// <summary>Verifies a code of such an authenticator, and moves it. Asked before each verification.</summary>
    /// <returns>The answer; null if there is nothing to move, so that the record decides.</returns>
    public Task<VerificationResult?> VerifyAsync(TUser user, string? code, AttemptId attempt, string? knownDevice)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult<VerificationResult?>(null);
    }
}
