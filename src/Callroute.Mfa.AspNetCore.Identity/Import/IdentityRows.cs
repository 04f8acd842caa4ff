using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>
/// Reads and writes the rows of Identity's own second factor. Each call has a scope of its own, so that it saves nothing else of a request.
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

    /// <returns>The rows; null if the user is gone, or if Identity's store has no such rows.</returns>
    public async Task<EarlierFactors?> FindAsync(string userId)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var store = scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
        if (store is not (IUserAuthenticationTokenStore<TUser> tokens and IUserTwoFactorStore<TUser> flags)
            || await store.FindByIdAsync(userId, default).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var codes = await tokens.GetTokenAsync(user, Identity, RecoveryCodes, default).ConfigureAwait(false);
        return new EarlierFactors(
            await flags.GetTwoFactorEnabledAsync(user, default).ConfigureAwait(false),
            await tokens.GetTokenAsync(user, Identity, Key, default).ConfigureAwait(false),
            codes?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
            await tokens.GetTokenAsync(user, Ours, Mark, default).ConfigureAwait(false));
    }

    /// <summary>Marks the key as moved, so that it is never moved again.</summary>
    public Task MarkAsync(string userId, EarlierFactors found) => WriteAsync(userId, (Ours, Mark, found.Fingerprint));

    public Task UnmarkAsync(string userId) => WriteAsync(userId, (Ours, Mark, null));

    /// <summary>
    /// Overwrites the key. A deleted key would let plain Identity sign the user in by the password alone; for this one it asks for a code
    /// and accepts none.
    /// </summary>
    public Task CommitAsync(string userId) =>
        WriteAsync(userId, (Identity, Key, EarlierFactors.NewTombstone()), (Identity, RecoveryCodes, null));

    /// <summary>Follows a change of the record. A key of before is never moved after it.</summary>
    public async Task OnEnrolledChangedAsync(string userId, bool isEnrolled)
    {
        if (!isEnrolled)
        {
            await RetireAsync(userId).ConfigureAwait(false);
        }
        else if (await FindAsync(userId).ConfigureAwait(false) is { HasKey: true, Mark: null } found)
        {
            await MarkAsync(userId, found).ConfigureAwait(false);
        }
    }

    /// <summary>Overwrites a key that the user has replaced or given up. While the rows are kept, plain Identity still needs it.</summary>
    public Task RetireAsync(string userId) => options.KeepIdentityRows ? Task.CompletedTask : EndAsync(userId);

    /// <summary>Overwrites a key that must not work any more, with plain Identity neither.</summary>
    public async Task EndAsync(string userId)
    {
        if (await FindAsync(userId).ConfigureAwait(false) is { HasKey: true })
        {
            await CommitAsync(userId).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a new authenticator as Identity does, so that plain Identity works too.</summary>
    public Task KeepKeyAsync(string userId, string key) => !options.KeepIdentityRows ? Task.CompletedTask : WriteAsync(
        userId, (Identity, Key, key), (Ours, Mark, EarlierFactors.FingerprintOf(key)));

    /// <summary>Writes new recovery codes as Identity does.</summary>
    public Task KeepCodesAsync(string userId, IEnumerable<string> codes) => !options.KeepIdentityRows ? Task.CompletedTask : WriteAsync(
        userId, (Identity, RecoveryCodes, string.Join(';', codes)));

    /// <summary>Removes a recovery code that was used.</summary>
    public async Task ForgetCodeAsync(string userId, string? code)
    {
        if (options.KeepIdentityRows && await FindAsync(userId).ConfigureAwait(false) is { } found && found.HasRecoveryCode(code))
        {
            var left = found.RecoveryCodes.Where(other => EarlierFactors.Plain(other) != EarlierFactors.Plain(code!));
            await KeepCodesAsync(userId, left).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Stores throw exceptions of their own. The last one is thrown on.")]
    private async Task WriteAsync(string userId, params (string Provider, string Name, string? Value)[] rows)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryWriteAsync(userId, rows).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (tries < MaximumTries)
            {
                // Another request wrote a row of the same user. The next try reads them again.
            }
        }
    }

    private async Task TryWriteAsync(string userId, (string Provider, string Name, string? Value)[] rows)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var store = scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
        var user = await store.FindByIdAsync(userId, default).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The user was deleted.");
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
