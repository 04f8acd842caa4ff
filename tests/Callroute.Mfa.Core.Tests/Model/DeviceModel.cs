namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The known devices: a list of at most ten, and every token that was ever issued.</summary>
internal sealed class DeviceModel
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly List<(string Text, int Device, DateTimeOffset IssuedAt)> _tokens = [];
    private readonly List<(int Device, DateTimeOffset UsedAt)> _listed = [];
    private int _devices;

    /// <returns>A token to present: mostly the last one or none, also an old or a forged one.</returns>
    public string? Choose(int choice) => choice switch
    {
        < 5 => null,
        5 => "Zm9yZ2Vk",
        < 8 when _tokens.Count > 0 => _tokens[(choice + _tokens.Count / 2) % _tokens.Count].Text,
        _ => _tokens.Count > 0 ? _tokens[^1].Text : null,
    };

    public int? DeviceOf(string? token, DateTimeOffset now) => Find(token, now);

    public bool IsListed(int device) => _listed.Exists(listed => listed.Device == device);

    public bool IsKnown(string? token, DateTimeOffset now) => Find(token, now) is not null;

    /// <summary>Notes the token that came with an accepted code.</summary>
    /// <returns>Whether another device had to make room.</returns>
    public bool Accept(string? presented, string issued, DateTimeOffset now)
    {
        var device = Find(presented, now) ?? ++_devices;
        _tokens.Add((issued, device, now));
        _listed.RemoveAll(listed => listed.Device == device);
        _listed.Add((device, now));
        return _listed.Count > 10 && _listed.Remove(_listed[0]);
    }

    /// <summary>The times of last use that the user sees, the last one last.</summary>
    public IEnumerable<DateTimeOffset> UsedAt(DateTimeOffset now) => Shown(now).Select(listed => listed.UsedAt);

    public void Revoke(int index, DateTimeOffset now) => _listed.Remove(Shown(now).ElementAt(index));

    /// <returns>Whether there was one.</returns>
    public bool RevokeAll()
    {
        var hadOne = _listed.Count > 0;
        _listed.Clear();
        return hadOne;
    }

    private IEnumerable<(int Device, DateTimeOffset UsedAt)> Shown(DateTimeOffset now) =>
        _listed.Where(listed => (now - listed.UsedAt).Duration() < Lifetime);

    private int? Find(string? token, DateTimeOffset now) => _tokens
        .Where(t => t.Text == token && (now - t.IssuedAt).Duration() < Lifetime && _listed.Exists(listed => listed.Device == t.Device))
        .Select(t => (int?)t.Device)
        .FirstOrDefault();
}
