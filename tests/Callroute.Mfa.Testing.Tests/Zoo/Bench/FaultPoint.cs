namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>
/// Lets the storage fail at a chosen point, counted from one. Implementations touch it before and after every storage call.
/// </summary>
internal sealed class FaultPoint
{
    private int _left;

    /// <summary>Fails once, at this point.</summary>
    public void Arm(int point) => _left = point;

    /// <returns>Whether the point was reached.</returns>
    public bool Disarm() => Interlocked.Exchange(ref _left, 0) <= 0;

    public void Touch()
    {
        if (_left > 0 && Interlocked.Decrement(ref _left) == 0)
        {
            throw new IOException("The storage failed.");
        }
    }

    public async ValueTask<T> AroundAsync<T>(Func<ValueTask<T>> call)
    {
        Touch();
        var answer = await call();
        Touch();
        return answer;
    }
}
