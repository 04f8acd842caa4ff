using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Import;

/// <summary>Moves all users, ends the move, or takes it back. Every command may be stopped and run again.</summary>
internal sealed class IdentityMigration<TUser>(
    MfaService mfa,
    IMfaStore store,
    EarlierAuthenticator<TUser> earlier,
    IdentityRows<TUser> rows,
    IdentityMfaOptions options,
    IServiceScopeFactory scopes,
    TimeProvider clock)
    : IIdentityMigration
    where TUser : class
{
    private const string NotMoved = "not moved yet";
    private const int Parallelism = 4;
    private const int UsersBetweenReports = 20;
    private static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(250);

    private const string RowsAreKept =
        "Set KeepIdentityRows to false on every server first: a server that keeps the rows would write keys in plain text again.";

    public async Task<int> RunAsync(string command, TextWriter output, CancellationToken cancellationToken)
    {
        Func<MfaSubject, EarlierFactors, Task<string?>>? step = command switch
        {
            "import" => ImportAsync,
            "commit" when !options.KeepIdentityRows => CommitAsync,
            "rollback" => RollBackAsync,
            "report" => ReportAsync,
            _ => null,
        };
        if (step is null)
        {
            await output.WriteLineAsync(command == "commit" ? RowsAreKept : "Usage: mfa import | commit | rollback | report")
                .ConfigureAwait(false);
            return 2;
        }

        if (await FindTroubleAsync(cancellationToken).ConfigureAwait(false) is { } trouble)
        {
            await output.WriteLineAsync(trouble).ConfigureAwait(false);
            return 1;
        }

        // The end of a move is for users too who have switched MFA off.
        var users = await FindUsersAsync(all: command is "commit" or "rollback", cancellationToken).ConfigureAwait(false);
        var failures = await ForEachAsync(users, step, output, cancellationToken).ConfigureAwait(false);
        foreach (var failure in failures)
        {
            await output.WriteLineAsync(failure).ConfigureAwait(false);
        }

        return failures.Count == 0 ? 0 : 1;
    }

    /// <returns>Why no user can be moved now; null if nothing is wrong.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is told to the operator, and nothing is moved.")]
    private async Task<string?> FindTroubleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (store is IMfaStoreCheck check ? check.CheckAsync(cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
            await mfa.CheckKeysAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (SecretProtectionException)
        {
            return "This program has other keys of Data Protection than the servers: they could not read what it writes. Give it the same.";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return $"The store does not answer, so nothing was done: {exception.Message}";
        }
    }

    /// <returns>The ids of all users, or of those whom Identity asks for a code, in a fixed order.</returns>
    private async Task<IReadOnlyList<string>> FindUsersAsync(bool all, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        List<string> ids = [];
        await foreach (var user in users.Users.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (all || await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false))
            {
                ids.Add(await users.GetUserIdAsync(user).ConfigureAwait(false));
            }
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <returns>The users who failed, and why, in the order of the users.</returns>
    private async Task<IReadOnlyList<string>> ForEachAsync(
        IReadOnlyList<string> users,
        Func<MfaSubject, EarlierFactors, Task<string?>> step,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        List<string> failures = [];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        var (done, started) = (0, clock.GetTimestamp());
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{users.Count:N0} users")).ConfigureAwait(false);
        foreach (var some in users.Chunk(UsersBetweenReports))
        {
            var results = new string?[some.Length];
            await Parallel.ForAsync(
                0, some.Length, parallel, async (i, _) => results[i] = await RunSafelyAsync(some[i], step).ConfigureAwait(false))
                .ConfigureAwait(false);
            failures.AddRange(results.OfType<string>());
            done += some.Length;
            var left = clock.GetElapsedTime(started) / done * (users.Count - done);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{done:N0} of {users.Count:N0} users, {failures.Count:N0} listed below, {left:h\\:mm\\:ss} left")).ConfigureAwait(false);
        }

        return failures;
    }

    /// <returns>The user and what went wrong, without a key or a code; null if nothing did.</returns>
    private async Task<string?> RunSafelyAsync(string userId, Func<MfaSubject, EarlierFactors, Task<string?>> step)
    {
        try
        {
            // A user who was deleted in the meantime needs nothing.
            return await rows.FindAsync(userId).ConfigureAwait(false) is { } found
                && await step(new MfaSubject(userId), found).ConfigureAwait(false) is { } failure
                    ? $"{userId}: {failure}"
                    : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return $"{userId}: {exception.GetType().Name}; run the command again";
        }
    }

    private async Task<string?> ImportAsync(MfaSubject subject, EarlierFactors found)
    {
        if (await ReportAsync(subject, found).ConfigureAwait(false) is not NotMoved and var state)
        {
            if (state is not null || !found.IsEnabled)
            {
                return state;
            }

            await rows.EndMoveAsync(subject.UserId).ConfigureAwait(false);
            return await ImportCodesAsync(subject, found).ConfigureAwait(false);
        }

        return await earlier.MoveAsync(subject, found).ConfigureAwait(false) switch
        {
            null => "Identity's key is no Base32",
            MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported => await ImportCodesAsync(subject, found).ConfigureAwait(false),
            var outcome => $"the authenticator was not moved: {outcome}",
        };
    }

    private async Task<string?> ImportCodesAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.RecoveryCodes.Count == 0)
        {
            return null;
        }

        MfaChangeOutcome outcome;
        while ((outcome = await earlier.MoveCodesAsync(subject, found).ConfigureAwait(false)) == MfaChangeOutcome.Busy)
        {
            // Users who sign in come first.
            await Task.Delay(BusyDelay, clock).ConfigureAwait(false);
        }

        // "Already enrolled" is a user who has new codes of ours.
        return outcome is MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported or MfaChangeOutcome.AlreadyEnrolled
            ? null
            : $"the recovery codes were not moved: {outcome}";
    }

    private async Task<string?> CommitAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.IsEnabled && !found.IsTombstone && await ReportAsync(subject, found).ConfigureAwait(false) is { } state)
        {
            return state;
        }

        await rows.EndAsync(subject.UserId).ConfigureAwait(false);
        return null;
    }

    // Deletes the record without a word to Identity's row, which must go on asking for a code.
    private async Task<string?> RollBackAsync(MfaSubject subject, EarlierFactors found)
    {
        if (found.IsEnabled && await store.FindAsync(subject).ConfigureAwait(false) is not null
            && !await earlier.IsBoundAsync(subject, found).ConfigureAwait(false))
        {
            // Identity's row has no key of the phone that works here, and the phone of before must not come back.
            await rows.EndAsync(subject.UserId).ConfigureAwait(false);
            return "stays with Callroute.Mfa: the move was committed, or the phone was replaced or reset";
        }

        while (await store.FindAsync(subject).ConfigureAwait(false) is { } record)
        {
            await store.TryDeleteAsync(subject, record.Version).ConfigureAwait(false);
        }

        await rows.UnmarkAsync(subject.UserId).ConfigureAwait(false);
        return null;
    }

    /// <returns>Null if the user is moved, or switched MFA off after the command had listed the users.</returns>
    private async Task<string?> ReportAsync(MfaSubject subject, EarlierFactors found)
    {
        var isEnrolled = (await mfa.GetStatusAsync(subject).ConfigureAwait(false)).IsEnabled;
        return found switch
        {
            { IsEnabled: false } when !isEnrolled => null,
            { HasChangedSinceTheMark: true } =>
                "Identity's key was changed after it was moved; reset the user, or roll back and import again",
            _ when isEnrolled => null,
            { IsWaiting: true } => NotMoved,
            { IsMoved: true } => "moved, but there is no record; reset the user",
            _ => "no authenticator: codes by mail or text message are not supported; reset the user",
        };
    }
}
