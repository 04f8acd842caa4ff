using System.Collections.Concurrent;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A whole sign-in in the memory of one process, small and right: it keeps every rule. A member of the zoo replaces one step of it by a wrong one, so that the wrong step alone is what the suite rejects.</summary>
internal class Miniature(Setup setup) : ISignIn
{
    private readonly AesGcmSecretProtector _protector = new(setup.Keys);
    private readonly ConcurrentDictionary<string, Account> _accounts = new();
    private readonly Dictionary<string, int> _failures = [];

    protected Setup Setup => setup;

    public async Task<Enrolled> EnrollAsync(string user)
    {
        using var secret = SharedSecret.Generate();
        var subject = new MfaSubject(user);
        var plaintext = new byte[secret.Size];
        secret.CopyTo(plaintext);
        var codes = NewCodes();
        var account = new Account(subject, await _protector.ProtectAsync(plaintext, Context(subject)), codes);
        var phone = VirtualAuthenticator.Scan(ProvisioningUri.ForTotp("Miniature", user, secret, setup.Parameters).Reveal(), setup.Clock);
        Confirm(account, Match(secret, phone.GetCode()), phone.GetCode());
        _accounts[user] = account;
        return new(phone, codes);
    }

    public virtual async Task<Answer> VerifyAsync(string login, string response, AttemptId session)
    {
        var account = _accounts[Logins.UserOf(login)];
        var isRecovery = RecoveryCode.TryParse(response, out _);
        var counter = $"{CounterOf(login, session)}/{isRecovery}";
        if (!await TryReserveAsync(counter, isRecovery ? Setup.RecoveryLimit : Setup.Limit))
        {
            return Answer.NotLookedAt;
        }

        var answer = isRecovery ? await ConsumeRecoveryCodeAsync(account, response) : await ConsumeAsync(account, response);
        Settle(counter, answer);
        return answer;
    }

    public async Task<IReadOnlyList<string>> RegenerateAsync(string user, string proof)
    {
        if (await VerifyAsync(user, proof, SignInBench.NewSession()) != Answer.Accepted)
        {
            throw new InvalidOperationException("The proof was refused.");
        }

        var codes = NewCodes();
        ReplaceCodes(_accounts[user], codes);
        return codes;
    }

    public Task MoveSecretAsync(string from, string to)
    {
        _accounts[to].ProtectedSecret = _accounts[from].ProtectedSecret;
        return Task.CompletedTask;
    }

    // Everything here stands for the storage, which outlives the process.
    public virtual void Restart()
    {
    }

    /// <summary>Whose failures an attempt counts to.</summary>
    protected virtual string CounterOf(string login, AttemptId session) => Logins.UserOf(login);

    /// <summary>Counts an attempt as a failure before it is looked at.</summary>
    /// <returns>Whether it may be looked at.</returns>
    protected virtual Task<bool> TryReserveAsync(string counter, int limit)
    {
        lock (_failures)
        {
            var failures = _failures.GetValueOrDefault(counter);
            _failures[counter] = Math.Min(failures + 1, limit);
            return Task.FromResult(failures < limit);
        }
    }

    /// <summary>Takes back what was counted, where the attempt was no failure.</summary>
    protected virtual void Settle(string counter, Answer answer)
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

    /// <summary>Finds the step of a code: the highest that matches.</summary>
    protected virtual TotpMatch? Match(SharedSecret secret, string code) =>
        Totp.Verify(secret, setup.Parameters, code, setup.Clock.GetUtcNow(), setup.Window);

    /// <summary>Judges a code that matches a step or none, and consumes it.</summary>
    protected virtual Answer Consume(Account account, TotpMatch? match, string code)
    {
        lock (account)
        {
            if (match is not { TimeStep: var step })
            {
                return Answer.Wrong;
            }

            if (step <= account.Watermark)
            {
                return Answer.Replayed;
            }

            account.Watermark = step;
            return Answer.Accepted;
        }
    }

    /// <summary>Consumes the code that confirms the enrolment.</summary>
    protected virtual void Confirm(Account account, TotpMatch? match, string code) => Consume(account, match, code);

    /// <summary>Consumes a recovery code; one of the pending codes replaces the others.</summary>
    protected virtual Task<Answer> ConsumeRecoveryCodeAsync(Account account, string code)
    {
        lock (account)
        {
            account.Promote(code);
            return Task.FromResult(account.RecoveryCodes.Remove(code) ? Answer.Accepted : Answer.Wrong);
        }
    }

    /// <summary>Stores new codes in one write, beside the old ones: the user holds those until this has answered.</summary>
    protected virtual void ReplaceCodes(Account account, IReadOnlyList<string> codes)
    {
        setup.Faults.Touch();
        lock (account)
        {
            account.PendingCodes = [.. codes];
        }

        setup.Faults.Touch();
    }

    private static string[] NewCodes() => [.. Enumerable.Range(0, Setup.RecoveryCodes).Select(_ => RecoveryCode.Generate().Reveal())];

    private SecretContext Context(MfaSubject subject) => SecretContext.ForTotp(subject, Guid.Empty, setup.Parameters);

    private async Task<Answer> ConsumeAsync(Account account, string code)
    {
        try
        {
            using var secret = SharedSecret.FromBytes(await _protector.UnprotectAsync(account.ProtectedSecret, Context(account.Subject)));
            return Consume(account, Match(secret, code), code);
        }
        catch (SecretProtectionException)
        {
            return Answer.NotLookedAt;
        }
    }
}
