namespace Callroute.Mfa.Reliability;

/// <summary>A user who uses the application as people do, and a thief who sends the same codes at the same time.</summary>
internal sealed class User(string name, bool isMfaRequired, Nodes nodes, Random random) : IDisposable
{
    // The library locks a factor out after 100 failures in a row.
    private const int MaximumGuesses = 80;

    private readonly Caller _caller = new(name, isMfaRequired, nodes, random);

    // Everything that was ever scanned: an enrolment whose answer was lost may have been made.
    private readonly Dictionary<string, Phone> _scanned = [];
    private readonly List<Phone> _phones = [];
    private TypedCode? _lastAccepted;
    private RecoveryCode? _recovery;
    private int _guesses;

    public string Name => name;

    public bool IsEnrolled => _phones.Count > 0;

    /// <summary>Does one thing. A code is typed only if a phone shows one that was not used.</summary>
    public async Task ActAsync()
    {
        if (!IsEnrolled)
        {
            await EnrollAsync();
        }
        else if (random.Next(3) == 0)
        {
            await ActWithoutCodeAsync();
        }
        else if (TryTakeCode() is { } code)
        {
            await ActAsync(code);
        }
    }

    /// <summary>Enrols the first phone.</summary>
    public async Task EnrollAsync()
    {
        if (await _caller.AskRequirementAsync(await _caller.PickNodeAsync()) is "NotRequired" or "EnrollmentRequired")
        {
            await BindAsync(replaced: null, proof: null);
        }
        else
        {
            await SynchronizeAsync();
        }
    }

    /// <summary>Sends wrong codes to some of the nodes at once.</summary>
    public async Task GuessAsync()
    {
        if (_guesses < MaximumGuesses)
        {
            var targets = nodes.Up.Where(_ => random.Next(2) == 0).ToArray();
            _guesses += targets.Length;
            await Task.WhenAll(targets.Select(node => _caller.GuessAsync(node, $"{random.Next(100_000_000):D8}")));
        }
    }

    /// <summary>Signs in with a new code at one node, or enrols. An administrator repairs what a node with a wrong clock wrote.</summary>
    /// <returns>Whether the user is in.</returns>
    public async Task<bool> TrySignInAsync()
    {
        if (!await SynchronizeAsync())
        {
            return false;
        }

        if (!IsEnrolled)
        {
            await EnrollAsync();
            return IsEnrolled;
        }

        if (TryTakeCode() is not { } code)
        {
            return false;
        }

        var node = await _caller.PickNodeAsync();
        var answer = await _caller.VerifyAsync(node, code, Attempt.Begin());
        if (answer.Reason == nameof(RefusalReason.ClockBehind))
        {
            await _caller.UnlockAsync(node);
            answer = await _caller.VerifyAsync(node, code, Attempt.Begin());
        }

        return answer.Outcome == Outcome.Accepted;
    }

    /// <summary>Asks which phones are bound, and forgets or remembers phones accordingly.</summary>
    /// <returns>Whether there was an answer.</returns>
    public async Task<bool> SynchronizeAsync()
    {
        if ((await _caller.SendAsync(_caller.AskStatusAsync)).Phones is not { } bound)
        {
            return false;
        }

        _phones.Clear();
        foreach (var (phone, id) in bound)
        {
            _scanned[phone].Id = id;
            _phones.Add(_scanned[phone]);
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var phone in _scanned.Values)
        {
            phone.Dispose();
        }
    }

    private TypedCode? TryTakeCode() => _phones.Select(phone => phone.TryTakeCode()).FirstOrDefault(code => code is not null);

    private Task ActWithoutCodeAsync() => random.Next(10) switch
    {
        0 => GuessAsync(),
        < 3 when _recovery is not null => RecoverAsync(_recovery),
        _ => ReplayAsync(),
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

    private async Task SignInAsync(TypedCode code)
    {
        await _caller.AskRequirementAsync(await _caller.PickNodeAsync());
        var attempt = Attempt.Begin();
        var answers = random.Next(3) > 0
            ? await _caller.SendToAllAsync(node => _caller.VerifyAsync(node, code, Attempt.Begin()))
            : [await _caller.SendAsync(node => _caller.VerifyAsync(node, code, attempt))];
        _lastAccepted = answers.Any(answer => answer.Outcome == Outcome.Accepted) ? code : _lastAccepted;
    }

    private async Task MistypeAsync(TypedCode code)
    {
        await _caller.GuessAsync(await _caller.PickNodeAsync(), code.Mistyped);
        await SignInAsync(code);
    }

    // The last accepted code, in new attempts: it must not work, also after a failover.
    private async Task ReplayAsync()
    {
        if (_lastAccepted is { IsInWindow: true } code)
        {
            await _caller.SendToAllAsync(node => _caller.VerifyAsync(node, code, Attempt.Begin()));
        }
    }

    private async Task RecoverAsync(RecoveryCode code)
    {
        _recovery = null;
        var attempt = Attempt.Begin();
        var answers = random.Next(2) > 0
            ? await _caller.SendToAllAsync(node => _caller.RecoverAsync(node, code, Attempt.Begin()))
            : [await _caller.SendAsync(node => _caller.RecoverAsync(node, code, attempt))];
        await SaveCodesAsync(answers.FirstOrDefault(answer => answer.Outcome == Outcome.Accepted));
    }

    private async Task RegenerateAsync(TypedCode proof)
    {
        var answer = await _caller.ChangeAsync(await _caller.PickNodeAsync(), Op.Regenerate, proof);
        if (answer.Outcome == Outcome.Accepted)
        {
            await SaveCodesAsync(answer);
        }
    }

    private async Task DisableAsync(TypedCode proof)
    {
        await _caller.ChangeAsync(await _caller.PickNodeAsync(), Op.Disable, proof);
        _recovery = null;
        await SynchronizeAsync();
    }

    private async Task BindAsync(Phone? replaced, TypedCode? proof)
    {
        var name = $"{_scanned.Count + 1}";
        var begun = await _caller.BeginAsync(await _caller.PickNodeAsync(), name, replaced, proof);
        if (begun is { Uri: { } uri, Target: { } enrollment })
        {
            var phone = _scanned[name] = new Phone(name, uri, TimeSpan.FromSeconds(random.Next(-7, 13)));
            await ConfirmAsync(phone, enrollment, replaced);
        }

        await SynchronizeAsync();
    }

    private async Task ConfirmAsync(Phone phone, Guid enrollment, Phone? replaced)
    {
        var (code, attempt) = (phone.TryTakeCode()!, Attempt.Begin());
        var answers = random.Next(2) > 0
            ? await _caller.SendToAllAsync(node => _caller.ConfirmAsync(node, enrollment, code, replaced, attempt))
            : [await _caller.SendAsync(node => _caller.ConfirmAsync(node, enrollment, code, replaced, attempt))];
        if (answers.FirstOrDefault(answer => answer.Outcome == Outcome.Accepted) is { } confirmed)
        {
            _lastAccepted = code;
            await SaveCodesAsync(confirmed);
        }
    }

    // A user who changes the phone keeps the recovery codes, so the answer has none.
    private async Task SaveCodesAsync(Answer? answer)
    {
        if (answer is not null && RecoveryCode.From(answer) is { } codes)
        {
            var saved = await _caller.SendAsync(node => _caller.AcknowledgeAsync(node, codes.Set));
            _recovery = saved.Outcome == Outcome.Accepted ? codes : null;
        }
    }
}
