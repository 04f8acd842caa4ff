using System.Collections.Concurrent;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;

namespace Web;

/// <summary>One user, where an application has its own table.</summary>
internal sealed class Users : IMfaUsers
{
    private readonly ConcurrentDictionary<string, bool> _isMfaRequired = new() { ["ann"] = false };

    public string? FindByPassword(string name, string password) => _isMfaRequired.ContainsKey(name) && password == "correct horse" ? name : null;

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(_isMfaRequired.TryGetValue(subject.UserId, out var isRequired) ? new MfaUser { AccountName = subject.UserId, IsMfaRequired = isRequired } : null);

    public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default)
    {
        _isMfaRequired[subject.UserId] = isRequired;
        return ValueTask.CompletedTask;
    }
}
