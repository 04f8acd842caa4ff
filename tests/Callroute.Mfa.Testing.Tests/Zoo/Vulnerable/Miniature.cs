using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>
/// A whole sign-in in the memory of one process, small and correct. A member of the zoo replaces one step by a wrong one, so the suite
/// rejects only that step.
/// </summary>
internal class Miniature(Setup setup) : ISignIn
{
    [SuppressMessage("Performance", "CA1859", Justification = "Only the interface shows the members.")]
    private readonly ISecretProtector _protector = new AesGcmSecretProtector(setup.Keys);
    private readonly ConcurrentDictionary<string, Account> _accounts = new();
    private readonly Dictionary<string, int> _failures = [];

    // The host's own rows, which say who is enrolled.
    private readonly ConcurrentDictionary<string, bool> _enrolled = new();

    protected Setup Setup => setup;

    public async Task<Enrolled> EnrollAsync(string user, bool isSentTwice = false)
    {
        using var secret = SharedSecret.Generate();
        var subject = new MfaSubject(user);
        var plaintext = new byte[secret.Size];
        secret.CopyTo(plaintext);
        var codes = NewCodes();
        var account = new Account(subject, await _protector.ProtectAsync(plaintext, BoundTo(subject)), codes);
        var phone = VirtualAuthenticator.Scan(ProvisioningUri.ForTotp("Miniature", user, secret, setup.Parameters).Reveal(), setup.Clock);
        Confirm(account, Match(secret, phone.GetCode()), phone.GetCode());
        _accounts[user] = account;
        _enrolled[user] = true;
        return new(phone, isSentTwice ? ConfirmAgain(account) : codes);
    }

    public virtual async Task<Answer> VerifyAsync(string login, string response, Session session)
    {
        var account = _accounts[Logins.UserOf(login)];
        var isRecovery = SignInBench.IsRecoveryCode(response);
        if (isRecovery && IsRepeated(account, response, session))
        {
            return Answer.Accepted;
        }

        var isKnown = IsKnown(account, session);
        var counter = $"{CounterOf(login, session)}/{isKnown}/{isRecovery}";
        if (IsUsedUp(account, isKnown) || !await TryReserveAsync(counter, isRecovery ? Setup.RecoveryLimit : Setup.Limit))
        {
            return Answer.Unchecked;
        }

        var answer = isRecovery ? await ConsumeRecoveryCodeAsync(account, response) : await ConsumeAsync(account, response);
        Complete(counter, answer);
        if (answer == Answer.Accepted)
        {
            account.LastRecovery = isRecovery ? (session.Id, response, setup.Clock.GetUtcNow()) : null;
        }

        if (!isRecovery)
        {
            CountMiss(account, isKnown, session, answer);
        }

        return answer;
    }

    public Task<bool> IsPasswordEnoughAsync(string user) =>
        Task.FromResult(IsPasswordEnough(_accounts.GetValueOrDefault(user), _enrolled[user]));

    public Task ResetAsync(string user)
    {
        _accounts[user].IsReset = true;
        _enrolled[user] = false;
        return Task.CompletedTask;
    }

    public Task LoseRecordAsync(string user)
    {
        _accounts.TryRemove(user, out _);
        return Task.CompletedTask;
    }

    public Task SignOutAsync(string user)
    {
        ForgetAnswer(_accounts[user]);
        return Task.CompletedTask;
    }

    public virtual async Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof)
    {
        var account = await ProveAsync(user, proof);
        var codes = NewCodes();
        ReplaceCodes(account, codes);
        return codes;
    }

    public Task MoveSecretAsync(string from, string to)
    {
        _accounts[to].ProtectedSecret = _accounts[from].ProtectedSecret;
        return Task.CompletedTask;
    }

    // The memory here stands for the storage, which outlives the process.
    public virtual void Restart()
    {
    }

    /// <returns>The account of a user who has proved a change.</returns>
    protected async Task<Account> ProveAsync(string user, string proof) =>
        await VerifyAsync(user, proof, new Session { IsSignedIn = true }) == Answer.Accepted
            ? _accounts[user]
            : throw new IOException("The proof was refused.");

    /// <summary>Names the counter that an attempt's failure is added to.</summary>
    protected virtual string CounterOf(string login, Session session) => Logins.UserOf(login);

    /// <summary>Counts an attempt as a failure before the code is checked.</summary>
    /// <returns>Whether the code may be checked.</returns>
    protected virtual Task<bool> TryReserveAsync(string counter, int limit)
    {
        lock (_failures)
        {
            var failures = _failures.GetValueOrDefault(counter);
            _failures[counter] = Math.Min(failures + 1, limit);
            return Task.FromResult(failures < limit);
        }
    }

    /// <summary>Corrects the counter if the attempt was no failure.</summary>
    protected virtual void Complete(string counter, Answer answer)
    {
        lock (_failures)
        {
            _failures[counter] = answer switch
            {
                Answer.Accepted => 0,
                Answer.Replayed => Math.Max(_failures[counter] - 1, 0),
                _ => _failures[counter],
            };
        }
    }

    /// <summary>Decides whether the failures of the device are counted apart from those of strangers.</summary>
    protected virtual bool IsKnown(Account account, Session session)
    {
        lock (account)
        {
            return session.Device is { } device && account.KnownDevices.Contains(device);
        }
    }

    /// <summary>Decides whether a right code gives back the allowance of a wrong one: only for typing errors of the same sign-in.</summary>
    protected virtual bool IsRefunded(Miss miss, Session session) => miss.Session == session.Id && !session.IsSignedIn;

    /// <param name="account">The record; null if it is lost, or if the user never had one.</param>
    /// <param name="isEnrolled">What the host's own row says.</param>
    protected virtual bool IsPasswordEnough(Account? account, bool isEnrolled) => account is null && !isEnrolled;

    /// <summary>Finds the step of a code: the highest that matches.</summary>
    protected virtual long? Match(SharedSecret secret, string code) =>
        Totp.Verify(secret, setup.Parameters, code, setup.Clock.GetUtcNow(), setup.StepsEachWay, setup.StepsEachWay);

    /// <summary>Consumes the code of a step.</summary>
    /// <returns>False if it is used already.</returns>
    protected virtual bool TryConsume(Account account, long step, string code)
    {
        var isFresh = step > account.LastUsedStep;
        account.LastUsedStep = Math.Max(step, account.LastUsedStep);
        return isFresh;
    }

    /// <summary>Answers a confirmation that was sent twice.</summary>
    protected virtual IReadOnlyList<string> ConfirmAgain(Account account) => account.IssuedCodes;

    /// <summary>Ends the time in which a used recovery code is answered again.</summary>
    protected virtual void ForgetAnswer(Account account) => account.LastRecovery = null;

    /// <summary>Consumes the code that confirms the enrolment.</summary>
    protected virtual void Confirm(Account account, long? match, string code) => Consume(account, match, code);

    /// <summary>Consumes a recovery code. A pending code replaces the others.</summary>
    protected virtual Task<Answer> ConsumeRecoveryCodeAsync(Account account, string code)
    {
        lock (account)
        {
            account.Promote(code);
            return Task.FromResult(account.RecoveryCodes.Remove(code) ? Answer.Accepted : Answer.Wrong);
        }
    }

    /// <summary>Stores new codes in one write and keeps the old ones: the user has only those until this returns.</summary>
    protected virtual void ReplaceCodes(Account account, IReadOnlyList<string> codes)
    {
        setup.Faults.Touch();
        lock (account)
        {
            account.PendingCodes = [.. codes];
        }

        setup.Faults.Touch();
    }

    protected static string Digits(string code) =>
        string.Concat(code.Where(char.IsDigit).Select(digit => (char)(char.GetNumericValue(digit) + '0')));

    protected string[] NewCodes()
    {
        setup.CountHashes(Setup.RecoveryCodes);
        return [.. Enumerable.Range(0, Setup.RecoveryCodes).Select(_ => SignInBench.NewRecoveryCode())];
    }

    private static ReadOnlyMemory<byte> BoundTo(MfaSubject subject) => Encoding.UTF8.GetBytes(subject.UserId);

    // The response to a used recovery code may have got lost, so the same session gets it again.
    private bool IsRepeated(Account account, string code, Session session) =>
        account.LastRecovery is { } last && (last.Session, last.Code) == (session.Id, code)
        && setup.Clock.GetUtcNow() - last.At < TimeSpan.FromMinutes(10);

    private static bool IsUsedUp(Account account, bool isKnown)
    {
        lock (account)
        {
            return account.Misses.Count(miss => miss.IsOnKnownDevice == isKnown) >= Setup.Allowance;
        }
    }

    private void CountMiss(Account account, bool isKnown, Session session, Answer answer)
    {
        lock (account)
        {
            if (answer == Answer.Wrong)
            {
                account.Misses.Add(new(isKnown, session.Id));
            }
            else if (answer == Answer.Accepted)
            {
                account.Misses.Where(miss => miss.IsOnKnownDevice == isKnown && IsRefunded(miss, session))
                    .Take(Setup.Refund).ToList().ForEach(miss => account.Misses.Remove(miss));
                session.Device = $"{Guid.NewGuid()}";
                account.KnownDevices.Add(session.Device);
            }
        }
    }

    private Answer Consume(Account account, long? match, string code)
    {
        lock (account)
        {
            return match is not { } step ? Answer.Wrong : TryConsume(account, step, code) ? Answer.Accepted : Answer.Replayed;
        }
    }

    private async Task<Answer> ConsumeAsync(Account account, string code)
    {
        try
        {
            var bytes = await _protector.UnprotectAsync(account.ProtectedSecret, BoundTo(account.Subject));
            using var secret = SharedSecret.FromBytes(bytes);
            return Consume(account, Match(secret, code), code);
        }
        catch (SecretProtectionException)
        {
            return Answer.Unchecked;
        }
    }
}
