using System.Globalization;
using System.Security.Cryptography;
using Callroute.Mfa.Testing.Tests.Zoo.Rules;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>One implementation under test, with the steps that rules are written in.</summary>
internal sealed class SignInBench(Setup setup, ISignIn signIn)
{
    private const int RecoveryCodeLength = 24;

    private int _users;

    public Setup Setup => setup;

    public ISignIn SignIn => signIn;

    public static bool IsRecoveryCode(string response) => response.Length >= RecoveryCodeLength;

    public static string NewRecoveryCode()
    {
        var characters = RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", RecoveryCodeLength);
        return string.Join('-', characters.Chunk(4).Select(group => new string(group)));
    }

    public static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> run)
    {
        using var barrier = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, count).Select(i => Task.Run(async () =>
        {
            await barrier.WaitAsync();
            return await run(i);
        })).ToArray();
        barrier.Release(count);
        return await Task.WhenAll(tasks);
    }

    /// <summary>A new user with a phone, at the start of the step after the one whose code confirmed it.</summary>
    public async Task<(string User, VirtualAuthenticator Phone, IReadOnlyList<string> RecoveryCodes)> EnrollAsync()
    {
        var enrolled = await EnrollNowAsync();
        NextStep();
        return enrolled;
    }

    /// <summary>A new user with a phone whose current code has just confirmed it. No two codes near now are equal by chance.</summary>
    public async Task<(string User, VirtualAuthenticator Phone, IReadOnlyList<string> RecoveryCodes)> EnrollNowAsync()
    {
        while (true)
        {
            var user = $"user{++_users}";
            var (phone, codes) = await signIn.EnrollAsync(user);
            if (CodesAround(phone).Distinct().Count() == CodesAround(phone).Count())
            {
                return (user, phone, codes);
            }
        }
    }

    public void NextStep() =>
        setup.Clock.Advance(Setup.Period - TimeSpan.FromTicks(setup.Clock.GetUtcNow().UtcTicks % Setup.Period.Ticks));

    public async Task<Answer> TryAsync(string login, string response) => await signIn.VerifyAsync(login, response, new Session());

    public async Task AcceptsAsync(string login, string response, string what = "a fresh code")
    {
        var answer = await TryAsync(login, response);
        RuleBrokenException.Unless(answer == Answer.Accepted, $"{what} must be accepted, and was {answer}");
    }

    public async Task RefusesAsync(string login, string response, string what)
    {
        var answer = await TryAsync(login, response);
        RuleBrokenException.Unless(answer != Answer.Accepted, $"{what} must be refused");
    }

    /// <summary>A code that is wrong for all steps near the current time.</summary>
    public string WrongCode(VirtualAuthenticator phone)
    {
        var near = CodesAround(phone).ToHashSet();
        return Enumerable.Range(0, 20)
            .Select(i => i.ToString($"D{setup.Parameters.Digits}", CultureInfo.InvariantCulture))
            .First(code => !near.Contains(code));
    }

    private IEnumerable<string> CodesAround(VirtualAuthenticator phone) =>
        Enumerable.Range(-5, 11).Select(step => phone.GetCodeAt(setup.Clock.GetUtcNow() + step * Setup.Period));
}
