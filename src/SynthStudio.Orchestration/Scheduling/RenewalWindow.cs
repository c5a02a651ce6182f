namespace SynthStudio.Orchestration;

/// <summary>
/// For how long silos have been able to renew their leases. Before that is a whole lease, one that is overdue says nothing of its silo: the
/// database, or the scheduler itself, was away.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="lease">How long a lease lasts.</param>
/// <param name="look">How often <see cref="Look"/> is called.</param>
internal sealed class RenewalWindow(TimeProvider time, TimeSpan lease, TimeSpan look)
{
    private long opened = time.GetTimestamp();
    private long looked = time.GetTimestamp();

    /// <summary>Every silo that lives has had the time to renew.</summary>
    public bool IsWhole => time.GetElapsedTime(opened) >= lease;

    /// <summary>A renewal could not be stored.</summary>
    public void Restart() => opened = time.GetTimestamp();

    /// <summary>Called again and again: a scheduler that did not come to it for long was held up, and the silos' calls with it.</summary>
    public void Look()
    {
        if (time.GetElapsedTime(looked) > (lease / 2) + look) Restart();
        looked = time.GetTimestamp();
    }
}
