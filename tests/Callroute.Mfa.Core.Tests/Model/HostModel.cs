namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The application: its row that only the callback writes, and the notice that it is owed.</summary>
internal sealed class HostModel
{
    private bool? _told;
    private DateTimeOffset? _owedSince;

    public bool IsFailing { get; set; }

    public bool IsEnrolled { get; private set; }

    public bool WasTold => _told is not null;

    public ValueTask OnEnrolledChanged(bool isEnrolled)
    {
        if (IsFailing)
        {
            throw new IOException("The application's database is not available.");
        }

        (IsEnrolled, _told) = (isEnrolled, isEnrolled);
        return ValueTask.CompletedTask;
    }

    /// <summary>The user enrolled, or their MFA ended.</summary>
    public void Change(DateTimeOffset now)
    {
        Assert.Equal(!IsFailing, WasTold);
        _owedSince = now;
    }

    public void OweNothing() => _owedSince = null;

    public bool IsOwed(DateTimeOffset now) => (now - _owedSince)?.Duration() < TimeSpan.FromHours(24);

    /// <summary>Ends a command: what the application was told in it must be the truth.</summary>
    public void EndCommand(bool isEnabled)
    {
        if (_told is { } told)
        {
            Assert.Equal(isEnabled, told);
            (_told, _owedSince) = (null, null);
        }
    }
}
