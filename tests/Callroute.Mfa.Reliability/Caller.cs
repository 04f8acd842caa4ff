namespace Callroute.Mfa.Reliability;

/// <summary>Makes the calls of one user, and says in the history what they were about.</summary>
internal sealed class Caller(string user, bool isMfaRequired, Nodes nodes, Random random)
{
    private const int MaximumResends = 2;

    /// <returns>What a sign-in needs; null if nobody knows.</returns>
    public async Task<string?> AskRequirementAsync(int node)
    {
        var answer = await CallAsync(new Call(0, node, user, Op.Requirement), new Request(0, Op.Requirement));
        return answer.Outcome == Outcome.Read ? answer.Reason : null;
    }

    public Task<Answer> AskStatusAsync(int node) => CallAsync(new Call(0, node, user, Op.Status), new Request(0, Op.Status));

    public Task<Answer> VerifyAsync(int node, TypedCode code, Attempt attempt) => CallAsync(
        new Call(0, node, user, Op.Verify) { Phone = code.Phone.Name, Step = code.Step, Attempt = attempt.Number },
        new Request(0, Op.Verify) { Text = code.Text, Attempt = attempt.Id });

    public Task<Answer> GuessAsync(int node, string wrong) => CallAsync(
        new Call(0, node, user, Op.Guess), new Request(0, Op.Verify) { Text = wrong, Attempt = Attempt.Begin().Id });

    public Task<Answer> RecoverAsync(int node, RecoveryCode code, Attempt attempt) => CallAsync(
        new Call(0, node, user, Op.Recover) { Set = code.Set, Attempt = attempt.Number },
        new Request(0, Op.Verify) { Text = code.Text, Attempt = attempt.Id });

    /// <summary>Begins to enrol a phone.</summary>
    /// <param name="node">Where.</param>
    /// <param name="phone">The phone's name.</param>
    /// <param name="replaced">The phone that it replaces; null to add one.</param>
    /// <param name="proof">The code that proves the change; null for the first phone.</param>
    public Task<Answer> BeginAsync(int node, string phone, Phone? replaced, TypedCode? proof)
    {
        var (call, request) = Prove(new Call(0, node, user, Op.Begin), new Request(0, Op.Begin), proof);
        return CallAsync(call with { Enrolls = phone }, request with { Phone = phone, Replaces = replaced?.Id });
    }

    public Task<Answer> ConfirmAsync(int node, Guid enrollment, TypedCode code, Phone? replaced, Attempt attempt) => CallAsync(
        new Call(0, node, user, Op.Confirm)
        {
            Phone = code.Phone.Name, Step = code.Step, Enrolls = code.Phone.Name, Removes = replaced?.Name, Attempt = attempt.Number,
        },
        new Request(0, Op.Confirm) { Target = enrollment, Text = code.Text });

    public Task<Answer> AcknowledgeAsync(int node, Guid set) => CallAsync(
        new Call(0, node, user, Op.Acknowledge) { Set = set }, new Request(0, Op.Acknowledge) { Target = set });

    /// <summary>Makes a change that needs only a proof.</summary>
    public Task<Answer> ChangeAsync(int node, string operation, TypedCode proof)
    {
        var (call, request) = Prove(new Call(0, node, user, operation), new Request(0, operation), proof);
        return CallAsync(call, request);
    }

    public Task<Answer> UnlockAsync(int node) => CallAsync(new Call(0, node, user, Op.Unlock), new Request(0, Op.Unlock));

    /// <summary>Sends a request, and sends it again at another node while its outcome is unknown.</summary>
    public async Task<Answer> SendAsync(Func<int, Task<Answer>> send)
    {
        var answer = await send(await PickNodeAsync());
        for (var i = 0; i < MaximumResends && answer.Outcome is Outcome.Unavailable or Outcome.Unknown; i++)
        {
            await Task.Delay(random.Next(1000));
            answer = await send(await PickNodeAsync());
        }

        return answer;
    }

    /// <summary>Sends a request to every node at the same time.</summary>
    public Task<Answer[]> SendToAllAsync(Func<int, Task<Answer>> send) => Task.WhenAll(nodes.Up.Select(send));

    public async Task<int> PickNodeAsync()
    {
        int[] up;
        while ((up = nodes.Up).Length == 0)
        {
            await Task.Delay(100);
        }

        return up[random.Next(up.Length)];
    }

    private static (Call Call, Request Request) Prove(Call call, Request request, TypedCode? proof)
    {
        var attempt = Attempt.Begin();
        return proof is null ? (call, request) : (
            call with { Phone = proof.Phone.Name, Step = proof.Step, Attempt = attempt.Number },
            request with { Text = proof.Text, Attempt = attempt.Id });
    }

    private Task<Answer> CallAsync(Call call, Request request) =>
        nodes.CallAsync(call with { IsMfaRequired = isMfaRequired }, request with { User = user, IsMfaRequired = isMfaRequired });
}
