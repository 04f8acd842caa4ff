using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>
/// Reads and writes the rows of Identity's own second factor. Each call has a scope of its own, so that it saves nothing else of a request.
/// A write decides on the rows as they are now.
/// </summary>
internal sealed class IdentityRows<TUser>(IServiceScopeFactory scopes, IdentityMfaOptions options)
    where TUser : class
{
    private const int MaximumTries = 3;

    // The names that Identity's stores use.
    private const string Identity = "[AspNetUserStore]";
    private const string Key = "AuthenticatorKey";
    private const string RecoveryCodes = "RecoveryCodes";

    private const string Ours = "Callroute.Mfa";
    private const string Mark = "Moved";

    private static readonly (string, string, string?)[] Nothing = [];

    /// <returns>The rows; null if the user is gone, or if Identity's store has no such rows.</returns>
    public async Task<EarlierFactors?> FindAsync(string userId)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        return (await FindAsync(scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>(), userId).ConfigureAwait(false))?.Found;
    }

    /// <summary>Marks a key that is about to be moved, if nothing marked it before.</summary>
    public Task BeginMoveAsync(string userId) =>
        WriteAsync(userId, found => found is { HasKey: true, Mark: null } ? [(Ours, Mark, found.Moving)] : Nothing);

    /// <summary>Removes the mark.</summary>
    public Task UnmarkAsync(string userId) => WriteAsync(userId, found => found.Mark is null ? Nothing : [(Ours, Mark, null)]);

    /// <summary>Overwrites the key and removes the codes, so that they do not work any more, with plain Identity neither.</summary>
    /// <remarks>
    /// A deleted key would let plain Identity sign the user in by the password alone. For this one it asks for a code and accepts none.
    /// </remarks>
    public Task EndAsync(string userId) => WriteAsync(
        userId,
        found => found.HasKey || found.RecoveryCodes.Count > 0
            ? [(Identity, Key, EarlierFactors.NewTombstone()), (Identity, RecoveryCodes, null)]
            : Nothing);

    /// <summary>Overwrites a key that the user has replaced or given up. While the rows are kept, plain Identity still needs it.</summary>
    public Task RetireAsync(string userId) => options.KeepIdentityRows ? Task.CompletedTask : EndAsync(userId);

    /// <summary>Follows a change of the record. A key of before is never moved after it.</summary>
    public Task OnEnrolledChangedAsync(string userId, bool isEnrolled) => !isEnrolled
        ? RetireAsync(userId)
        : WriteAsync(
            userId,
            found => found is { HasKey: true, IsMoved: false, HasChangedSinceTheMark: false } ? [(Ours, Mark, found.Moved)] : Nothing);

    /// <summary>Writes a new authenticator as Identity does, so that plain Identity works too.</summary>
    public Task KeepKeyAsync(string userId, string key) => WriteAsync(
        userId, found => options.KeepIdentityRows ? [(Identity, Key, key), (Ours, Mark, (found with { Key = key }).Kept)] : Nothing);

    /// <summary>Writes new recovery codes as Identity does; if the rows are not kept, removes the old ones.</summary>
    public Task KeepCodesAsync(string userId, IEnumerable<string> codes) => WriteAsync(
        userId,
        found => options.KeepIdentityRows ? [(Identity, RecoveryCodes, string.Join(';', codes))]
            : found.RecoveryCodes.Count > 0 ? [(Identity, RecoveryCodes, null)]
            : Nothing);

    /// <summary>Removes a recovery code that was used.</summary>
    public Task ForgetCodeAsync(string userId, string? code) => WriteAsync(
        userId,
        found => found.HasRecoveryCode(code)
            ? [(Identity, RecoveryCodes, string.Join(';', found.RecoveryCodes.Where(other => !EarlierFactors.IsSameCode(other, code!))))]
            : Nothing);

    private static async Task<(TUser User, EarlierFactors Found)?> FindAsync(IUserStore<TUser> store, string userId)
    {
        if (store is not (IUserAuthenticationTokenStore<TUser> tokens and IUserTwoFactorStore<TUser> flags)
            || await store.FindByIdAsync(userId, default).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var codes = await tokens.GetTokenAsync(user, Identity, RecoveryCodes, default).ConfigureAwait(false);
        return (user, new EarlierFactors(
            await flags.GetTwoFactorEnabledAsync(user, default).ConfigureAwait(false),
            await tokens.GetTokenAsync(user, Identity, Key, default).ConfigureAwait(false),
            codes?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
            await tokens.GetTokenAsync(user, Ours, Mark, default).ConfigureAwait(false)));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Stores throw exceptions of their own. The last one is thrown on.")]
    private async Task WriteAsync(string userId, Func<EarlierFactors, (string Provider, string Name, string? Value)[]> decide)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryWriteAsync(userId, decide).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (tries < MaximumTries)
            {
                // Another request wrote a row of the same user. The next try reads them again.
            }
        }
    }

    private async Task TryWriteAsync(string userId, Func<EarlierFactors, (string Provider, string Name, string? Value)[]> decide)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var store = scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
        if (await FindAsync(store, userId).ConfigureAwait(false) is not var (user, found) || decide(found) is not { Length: > 0 } rows)
        {
            return;
        }

        var tokens = (IUserAuthenticationTokenStore<TUser>)store;
        foreach (var (provider, name, value) in rows)
        {
            await (value is null
                ? tokens.RemoveTokenAsync(user, provider, name, default)
                : tokens.SetTokenAsync(user, provider, name, value, default)).ConfigureAwait(false);
        }

        var result = await store.UpdateAsync(user, default).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"Identity did not store the user's tokens: {result}");
        }
    }
}
