using System.Collections.Concurrent;
using System.Globalization;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>Moves all users, ends the move, or takes it back. Every command may be stopped and run again.</summary>
internal sealed class IdentityMigration<TUser>(
    MfaService mfa, IMfaStore store, IdentityRows<TUser> rows, IdentityMfaOptions options, IServiceScopeFactory scopes, TimeProvider clock)
    : IIdentityMigration
    where TUser : class
{
    private const string NotMoved = "not moved yet";
    private const int Parallelism = 4;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(250);

    private readonly MfaImport _import = new(mfa);

    public async Task<int> RunAsync(string command, TextWriter output, CancellationToken cancellationToken)
    {
        Func<MfaSubject, EarlierFactors, Task<string?>>? step = command switch
        {
            "import" => ImportAsync,
            "commit" when options.KeepIdentityRows => throw new InvalidOperationException(
                "Set KeepIdentityRows to false on every server first: a server that keeps the rows would write keys in plain text again."),
            "commit" => CommitAsync,
            "rollback" => RollBackAsync,
            "report" => ReportAsync,
            _ => null,
        };
        if (step is null)
        {
            await output.WriteLineAsync("Usage: mfa import | commit | rollback | report").ConfigureAwait(false);
            return 2;
        }

        var failures = await ForEachAsync(await FindUsersAsync(cancellationToken).ConfigureAwait(false), step, output, cancellationToken)
            .ConfigureAwait(false);
        foreach (var (userId, failure) in failures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            await output.WriteLineAsync($"{userId}: {failure}").ConfigureAwait(false);
        }

        return failures.IsEmpty ? 0 : 1;
    }

    /// <returns>The ids of all users whom Identity asks for a code, in a fixed order.</returns>
    private async Task<IReadOnlyList<string>> FindUsersAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        List<string> ids = [];
        await foreach (var user in users.Users.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false))
            {
                ids.Add(await users.GetUserIdAsync(user).ConfigureAwait(false));
            }
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    private async Task<ConcurrentDictionary<string, string>> ForEachAsync(
        IReadOnlyList<string> users,
        Func<MfaSubject, EarlierFactors, Task<string?>> step,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, string> failures = new(StringComparer.Ordinal);
        var done = 0;
        var work = Parallel.ForEachAsync(
            users,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (userId, _) =>
            {
                if (await RunSafelyAsync(userId, step).ConfigureAwait(false) is { } failure)
                {
                    failures[userId] = failure;
                }

                Interlocked.Increment(ref done);
            });
        var started = clock.GetTimestamp();
        while (await Task.WhenAny(work, Task.Delay(BetweenReports, clock, cancellationToken)).ConfigureAwait(false) != work)
        {
            await TellAsync().ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
        await TellAsync().ConfigureAwait(false);
        return failures;

        Task TellAsync()
        {
            var left = done == 0 ? TimeSpan.Zero : clock.GetElapsedTime(started) / done * (users.Count - done);
            return output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{done:N0} of {users.Count:N0} users, {failures.Count:N0} failed, {left:h\\:mm\\:ss} left"));
        }
    }

    /// <returns>What went wrong, without a key or a code; null if nothing did.</returns>
    private async Task<string?> RunSafelyAsync(string userId, Func<MfaSubject, EarlierFactors, Task<string?>> step)
    {
        try
        {
            // A user who was deleted or switched MFA off in the meantime needs nothing.
            return await rows.FindAsync(userId).ConfigureAwait(false) is { IsEnabled: true } found
                ? await step(new MfaSubject(userId), found).ConfigureAwait(false)
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return $"{exception.GetType().Name}; run the command again";
        }
    }

    private async Task<string?> ImportAsync(MfaSubject subject, EarlierFactors found)
    {
        if (await ReportAsync(subject, found).ConfigureAwait(false) is not NotMoved and var state)
        {
            await rows.OnEnrolledChangedAsync(subject.UserId, isEnrolled: true).ConfigureAwait(false);
            return state ?? await ImportCodesAsync(subject, found).ConfigureAwait(false);
        }

        if (!found.TryReadSecret(out var secret))
        {
            return "Identity's key is no Base32";
        }

        using (secret)
        {
            await rows.MarkAsync(subject.UserId, found).ConfigureAwait(false);
            var bound = await _import.ImportAuthenticatorAsync(subject, secret, EarlierAuthenticator<TUser>.Parameters)
                .ConfigureAwait(false);
            if (bound.Outcome is not (MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported or MfaChangeOutcome.AlreadyEnrolled))
            {
                await rows.UnmarkAsync(subject.UserId).ConfigureAwait(false);
                return $"the authenticator was not moved: {bound.Outcome}";
            }
        }

        return await ImportCodesAsync(subject, found).ConfigureAwait(false);
    }

    private async Task<string?> ImportCodesAsync(MfaSubject subject, EarlierFactors found)
    {
        while (found.RecoveryCodes.Count > 0)
        {
            var codes = await _import.ImportRecoveryCodesAsync(subject, [.. found.RecoveryCodes]).ConfigureAwait(false);
            if (codes.Outcome != MfaChangeOutcome.Busy)
            {
                // "Already enrolled" is a user who has new codes of ours.
                return codes.Outcome is MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported or MfaChangeOutcome.AlreadyEnrolled
                    ? null
                    : $"the recovery codes were not moved: {codes.Outcome}";
            }

            // Users who sign in come first.
            await Task.Delay(BusyDelay, clock).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<string?> CommitAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.IsTombstone || await ReportAsync(subject, found).ConfigureAwait(false) is not { } state)
        {
            await rows.CommitAsync(subject.UserId).ConfigureAwait(false);
            return null;
        }

        return state;
    }

    // Deletes the record without a word to Identity's row, which must go on asking for a code.
    private async Task<string?> RollBackAsync(MfaSubject subject, EarlierFactors found)
    {
        if (!found.HasKey)
        {
            return "Identity has no key of this user any more; reset the user";
        }

        while (await store.FindAsync(subject).ConfigureAwait(false) is { } record)
        {
            await store.TryDeleteAsync(subject, record.Version).ConfigureAwait(false);
        }

        await rows.UnmarkAsync(subject.UserId).ConfigureAwait(false);
        return null;
    }

    /// <returns>Null if the user is moved.</returns>
    private async Task<string?> ReportAsync(MfaSubject subject, EarlierFactors found)
    {
        var isEnrolled = (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled;
        return found switch
        {
            { HasChangedSinceTheMark: true } =>
                "Identity's key was changed after it was moved; reset the user, or roll back and import again",
            _ when isEnrolled => null,
            { IsWaiting: true } => NotMoved,
            { Mark: not null } => "moved, but there is no record; reset the user",
            _ => "no authenticator anywhere; reset the user",
        };
    }
}
