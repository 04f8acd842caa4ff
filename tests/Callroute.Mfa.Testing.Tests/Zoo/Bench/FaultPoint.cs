namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>Lets the storage die at a chosen point, counted from one. Implementations touch it before and after every call of their storage.</summary>
internal sealed class FaultPoint
{
    private int _left;

    /// <summary>Dies at this point, once; never where zero.</summary>
    public void Arm(int point) => _left = point;

    /// <summary>Ends it.</summary>
    /// <returns>Whether the point was reached.</returns>
    public bool Disarm() => Interlocked.Exchange(ref _left, 0) <= 0;

    public void Touch()
    {
        if (_left > 0 && Interlocked.Decrement(ref _left) == 0)
        {
            throw new IOException("The storage died.");
        }
    }
}
