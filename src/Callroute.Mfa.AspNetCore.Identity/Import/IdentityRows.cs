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

    /// <returns>The rows, which a store without tokens does not have; null if the user is gone.</returns>
    public async Task<EarlierFactors?> FindAsync(string userId)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        return (await FindAsync(scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>(), userId).ConfigureAwait(false))?.Found;
    }

    /// <summary>Marks a key that is about to be moved, if nothing marked it before.</summary>
    public Task BeginMoveAsync(string userId) =>
        WriteAsync(userId, found => found is { IsWaiting: true, Mark: null } ? [(Ours, Mark, found.Moving)] : Nothing);

    /// <summary>Makes the mark of a moved key final, unless the user has switched MFA off.</summary>
    public Task EndMoveAsync(string userId) => WriteAsync(userId, EndMove);

    /// <summary>Removes the mark.</summary>
    public Task UnmarkAsync(string userId) => WriteAsync(userId, found => found.Mark is null ? Nothing : [(Ours, Mark, null)]);

    /// <summary>Overwrites the key and removes the codes, so that they do not work any more, with plain Identity neither.</summary>
    /// <remarks>
    /// A deleted key would let plain Identity sign the user in by the password alone. For this one it asks for a code and accepts none.
    /// </remarks>
    public Task EndAsync(string userId) => WriteAsync(userId, End);

    /// <summary>
    /// Writes the column <c>TwoFactorEnabled</c> after a change of the record. A key of before is never moved after it. A key that the user
    /// has given up ends, unless the rows are kept: plain Identity still needs it.
    /// </summary>
    public Task SetEnrolledAsync(string userId, bool isEnrolled) => WriteAsync(
        userId,
        found => isEnrolled ? EndMove(found with { IsEnabled = true })
            : options.KeepIdentityRows ? Nothing
            : End(found),
        isEnrolled);

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

    private static (string, string, string?)[] EndMove(EarlierFactors found) => found.IsWaiting ? [(Ours, Mark, found.Moved)] : Nothing;

    private static (string, string, string?)[] End(EarlierFactors found) => found.HasKey || found.RecoveryCodes.Count > 0
        ? [(Identity, Key, EarlierFactors.NewTombstone()), (Identity, RecoveryCodes, null)]
        : Nothing;

    private static async Task<(TUser User, EarlierFactors Found)?> FindAsync(IUserStore<TUser> store, string userId)
    {
        if (await store.FindByIdAsync(userId, default).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var codes = await ReadAsync(Identity, RecoveryCodes).ConfigureAwait(false);
        return (user, new EarlierFactors(
            await ((IUserTwoFactorStore<TUser>)store).GetTwoFactorEnabledAsync(user, default).ConfigureAwait(false),
            await ReadAsync(Identity, Key).ConfigureAwait(false),
            codes?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
            await ReadAsync(Ours, Mark).ConfigureAwait(false)));

        Task<string?> ReadAsync(string provider, string name) =>
            (store as IUserAuthenticationTokenStore<TUser>)?.GetTokenAsync(user, provider, name, default)
            ?? Task.FromResult<string?>(null);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Stores throw exceptions of their own. The last one is thrown on.")]
    private async Task WriteAsync(
        string userId, Func<EarlierFactors, (string Provider, string Name, string? Value)[]> decide, bool? isEnrolled = null)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryWriteAsync(userId, decide, isEnrolled).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (tries < MaximumTries)
            {
                // Another request wrote a row of the same user. The next try reads them again.
            }
        }
    }

    private async Task TryWriteAsync(
        string userId, Func<EarlierFactors, (string Provider, string Name, string? Value)[]> decide, bool? isEnrolled)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var store = scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
        if (await FindAsync(store, userId).ConfigureAwait(false) is not var (user, found))
        {
            return;
        }

        var tokens = store as IUserAuthenticationTokenStore<TUser>;
        var rows = tokens is null ? Nothing : decide(found);
        foreach (var (provider, name, value) in rows)
        {
            await (value is null
                ? tokens!.RemoveTokenAsync(user, provider, name, default)
                : tokens!.SetTokenAsync(user, provider, name, value, default)).ConfigureAwait(false);
        }

        var users = (MfaUserManager<TUser>)scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        var result = isEnrolled is { } enabled && enabled != found.IsEnabled
            ? await users.WriteTwoFactorEnabledAsync(user, enabled).ConfigureAwait(false)
            : rows.Length > 0 ? await store.UpdateAsync(user, default).ConfigureAwait(false)
            : IdentityResult.Success;
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"Identity did not store the user's second factor: {result}");
        }
    }
}
