using System.Security.Cryptography;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Reliability;

/// <summary>A user who uses the application as people do, and a thief who sends the same codes at the same time.</summary>
internal sealed class User(string name, bool isMfaRequired, Nodes nodes, Random random)
{
    // The library locks a factor out after 100 failures in a row.
    private const int MaximumGuesses = 80;

    private static int _lastAttempt;

    // Everything that was ever scanned: an enrolment whose answer was lost may have been made.
    private readonly Dictionary<string, Phone> _scanned = [];
    private List<Phone> _phones = [];
    private TypedCode? _lastAccepted;
    private (Guid Set, string Text)? _recovery;
    private (Guid Set, string Text)? _usedRecovery;
    private int _guesses;

    public string Name => name;

    /// <summary>Does one thing. A code is typed only if a phone shows one that was not used.</summary>
    public Task ActAsync() =>
        _phones.Count == 0 ? EnrollAsync()
        : random.Next(3) == 0 ? ActWithoutCodeAsync()
        : TryTakeCode() is { } code ? ActAsync(code)
        : Task.CompletedTask;

    public async Task<bool> EnrollAsync()
    {
        var requirement = (await OnceAsync(Order(Op.Requirement))).Answer.Reason;
        await (requirement is "NotRequired" or "EnrollmentRequired" ? BindAsync(replaced: null, proof: null) : SynchronizeAsync());
        return _phones.Count > 0;
    }

    public async Task GuessAsync()
    {
        var targets = nodes.Up.Where(_ => random.Next(2) == 0 && ++_guesses < MaximumGuesses).ToArray();
        await Task.WhenAll(targets.Select(node => nodes.CallAsync(node, Typed(Op.Guess, $"{random.Next(100_000_000):D8}"))));
    }

    /// <summary>Signs in with a new code at one node, or enrols. An administrator repairs what a node with a wrong clock wrote.</summary>
    public async Task<bool> TrySignInAsync()
    {
        var isEnrolled = !await SynchronizeAsync() || _phones.Count > 0;
        return !isEnrolled ? await EnrollAsync() : TryTakeCode() is { } code && await TrySignInAsync(code);
    }

    private async Task<bool> TrySignInAsync(TypedCode code)
    {
        var reply = await OnceAsync(Typed(Op.Verify, code));
        if (reply.Answer.Reason == nameof(RefusalReason.ClockBehind))
        {
            await OnceAsync(Order(Op.Unlock));
            reply = await OnceAsync(Typed(Op.Verify, code));
        }

        return reply.IsAccepted;
    }

    /// <summary>Asks which phones are bound, and forgets or remembers phones accordingly.</summary>
    /// <returns>Whether there was an answer.</returns>
    public async Task<bool> SynchronizeAsync()
    {
        if ((await PersistAsync(Order(Op.Status))).Answer.Phones is not { } bound)
        {
            return false;
        }

        _phones = [.. bound.Keys.Select(phone => _scanned[phone])];
        _phones.ForEach(phone => phone.Id = bound[phone.Name]);
        return true;
    }

    /// <summary>Sends the recovery code that was used last in a new attempt.</summary>
    /// <returns>Whether there was an answer, or no such code.</returns>
    public async Task<bool> ReuseRecoveryAsync() => _usedRecovery is not { } used
        || !(await OnceAsync(Typed(Op.Recover, used.Text, set: used.Set))).Answer.IsUncertain;

    private TypedCode? TryTakeCode() => _phones.Select(phone => phone.TryTakeCode()).FirstOrDefault(code => code is not null);

    private Task ActWithoutCodeAsync() => random.Next(10) switch
    {
        0 => GuessAsync(),
        < 3 when _recovery is { } code => RecoverAsync(code.Set, code.Text),
        _ when _lastAccepted is { IsInWindow: true } used => RaceAsync(() => Typed(Op.Verify, used)),
        _ => Task.CompletedTask,
    };

    private Task ActAsync(TypedCode code) => random.Next(30) switch
    {
        0 => RegenerateAsync(code),
        1 => BindAsync(code.Phone, code),
        2 or 3 when _phones.Count == 1 => BindAsync(replaced: null, code),
        4 when !isMfaRequired => DisableAsync(code),
        5 => MistypeAsync(code),
        _ => SignInAsync(code),
    };

    private async Task MistypeAsync(TypedCode code)
    {
        await OnceAsync(Typed(Op.Guess, $"{code.Text[1..]}{code.Text[0]}"));
        await SignInAsync(code);
    }

    private async Task SignInAsync(TypedCode code)
    {
        await OnceAsync(Order(Op.Requirement));
        if (await TryAsync(() => Typed(Op.Verify, code)) is not null)
        {
            _lastAccepted = code;
        }
    }

    private async Task RecoverAsync(Guid set, string text)
    {
        (_usedRecovery, _recovery) = (_recovery, null);
        await SaveCodesAsync(await TryAsync(() => Typed(Op.Recover, text, set: set)));
    }

    private async Task RegenerateAsync(TypedCode proof) => await SaveCodesAsync(await OnceAsync(Typed(Op.Regenerate, proof)));

    private async Task DisableAsync(TypedCode proof)
    {
        _recovery = null;
        await OnceAsync(Typed(Op.Disable, proof));
        await SynchronizeAsync();
    }

    private async Task<bool> BindAsync(Phone? replaced, TypedCode? proof)
    {
        var number = $"{_scanned.Count + 1}";
        var order = proof is null ? Order(Op.Begin) : Typed(Op.Begin, proof);
        var begun = await OnceAsync(order with { Replaces = replaced?.Id, Call = order.Call with { Enrolls = number } });
        if (begun is { IsAccepted: true, Uri: { } uri, Target: { } enrollment })
        {
            var phone = _scanned[number] = new Phone(number, uri, TimeSpan.FromSeconds(random.Next(-7, 13)));
            await ConfirmAsync(phone.TryTakeCode()!, enrollment, replaced);
        }

        return await SynchronizeAsync();
    }

    // All nodes get the same request, as the enrolment is its attempt.
    private async Task ConfirmAsync(TypedCode code, Guid enrollment, Phone? replaced)
    {
        var order = Typed(Op.Confirm, code);
        order = order with { Target = enrollment, Call = order.Call with { Enrolls = code.Phone.Name, Removes = replaced?.Name } };
        if (await TryAsync(() => order) is { } confirmed)
        {
            _lastAccepted = code;
            await SaveCodesAsync(confirmed);
        }
    }

    // A user who changes the phone keeps the recovery codes, so the answer has none.
    private async Task SaveCodesAsync(Reply? reply)
    {
        if (reply is { IsAccepted: true, Target: { } set, RecoveryCode: { } code })
        {
            var saved = await PersistAsync(Order(Op.Acknowledge) with { Target = set });
            _recovery = saved.IsAccepted ? (set, code) : null;
        }
    }

    private Order Order(Op op) => new(new Call(name, op, IsMfaRequired: isMfaRequired));
    private Order Typed(Op op, TypedCode code) => Typed(op, code.Text, code);

    // In an attempt of its own. Its id is a secret, so the history shows a number.
    private Order Typed(Op op, string text, TypedCode? code = null, Guid? set = null) => new(
        new Call(name, op, code?.Phone.Name, code?.Step, set, Interlocked.Increment(ref _lastAttempt), IsMfaRequired: isMfaRequired),
        text, RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <returns>An answer that accepts an order, which one node gets, or every node at the same time.</returns>
    private async Task<Reply?> TryAsync(Func<Order> create)
    {
        var replies = random.Next(3) > 0 ? await RaceAsync(create) : [await PersistAsync(create())];
        return replies.FirstOrDefault(reply => reply.IsAccepted);
    }

    private Task<Reply[]> RaceAsync(Func<Order> create) => Task.WhenAll(nodes.Up.Select(node => nodes.CallAsync(node, create())));

    private async Task<Reply> PersistAsync(Order order)
    {
        var reply = await OnceAsync(order);
        for (var i = 0; i < 2 && reply.Answer.Outcome is Outcome.Unavailable or Outcome.Unknown; i++)
        {
            await Task.Delay(random.Next(1000));
            reply = await OnceAsync(order);
        }

        return reply;
    }

    private async Task<Reply> OnceAsync(Order order)
    {
        for (var i = 0; nodes.Up.Length == 0 && i < 100; i++)
        {
            await Task.Delay(100);
        }

        var up = nodes.Up;
        return await nodes.CallAsync(up.Length == 0 ? 0 : up[random.Next(up.Length)], order);
    }
}

/// <summary>A phone with one account, whose name is its number. It shows the code of each time step once.</summary>
/// <remarks>Its clock is ahead by the skew: without it, the steps of all users would begin at the same moment.</remarks>
internal sealed class Phone(string name, string uri, TimeSpan skew)
{
    // The widest window and the shortest period that the library allows.
    public const int PastSteps = 2;
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly VirtualAuthenticator _app = VirtualAuthenticator.Scan(uri, TimeProvider.System);
    private long _lastStep;

    public string Name => name;
    public Guid? Id { get; set; }

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Period.TotalSeconds;

    /// <returns>The code of this moment, or null if it was taken before.</returns>
    public TypedCode? TryTakeCode()
    {
        var now = DateTimeOffset.UtcNow + skew;
        var isNew = StepAt(now) > _lastStep;
        _lastStep = Math.Max(_lastStep, StepAt(now));
        return isNew ? new TypedCode(this, _lastStep, _app.GetCodeAt(now)) : null;
    }
}

internal sealed record TypedCode(Phone Phone, long Step, string Text)
{
    /// <summary>Whether a server with the right time accepts the step, and will for a moment.</summary>
    public bool IsInWindow => Step >= Phone.StepAt(DateTimeOffset.UtcNow.AddSeconds(1)) - Phone.PastSteps;
}
