namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// Everything spent or set aside in a population, added up in the better of two ways: all releases as what they were, or as they were kept
/// when that was smaller. Releasing a result never makes the sum larger than its reservation did.
/// </summary>
/// <param name="Kept">The way that was smallest so far.</param>
/// <param name="Unpacked">Every released job as what it was, boxes only for those that are open or came to nothing.</param>
public sealed record Spending(SpentPart Kept, SpentPart Unpacked)
{
    public static Spending Nothing { get; } = new(SpentPart.Nothing, SpentPart.Nothing);

    /// <summary>The epsilon of all at a total delta, in billionths, rounded up.</summary>
    public long NanoEpsilonAt(long attoDelta) => Math.Min(Kept.NanoEpsilonAt(attoDelta), Unpacked.NanoEpsilonAt(attoDelta));

    public Spending Reserve(PrivacyPrice price) => new(Kept.Plus(price), Unpacked.Plus(price));

    public Spending Release(PrivacyPrice price) => new(Kept.Minus(price), Unpacked.Minus(price));

    /// <summary>The job whose box is <paramref name="box"/> released its result.</summary>
    /// <param name="box">What was reserved.</param>
    /// <param name="price">What its noise did.</param>
    /// <param name="overspent">The box does not bound it.</param>
    /// <param name="attoDelta">The budget's delta: ways are compared there.</param>
    public Spending Commit(PrivacyPrice box, EventPrice price, bool overspent, long attoDelta)
    {
        var unpacked = Unpacked.Unpack(box, price);
        var moved = Kept.Unpack(box, price);
        SpentPart[] ways = overspent ? [unpacked, moved] : [unpacked, moved, Kept];
        return new(ways.MinBy(way => way.NanoEpsilonAt(attoDelta))!, unpacked);
    }

    /// <summary>Both together: what somebody loses to whom both happened.</summary>
    public static Spending operator +(Spending one, Spending other) => new(one.Kept + other.Kept, one.Unpacked + other.Unpacked);

    /// <summary>No less than either.</summary>
    public static Spending Max(Spending one, Spending other) => new(SpentPart.Max(one.Kept, other.Kept), SpentPart.Max(one.Unpacked, other.Unpacked));

    /// <summary>Whether a further price stays within the budget.</summary>
    public bool Fits(PrivacyPrice price, PrivacyPrice budget) => Reserve(price).NanoEpsilonAt(budget.AttoDelta) <= budget.NanoEpsilon;

    /// <summary>The largest epsilon that fits at a delta, rounded down; 0 when nothing does.</summary>
    public double LargestEpsilon(long attoDelta, PrivacyPrice budget)
    {
        var spent = Reserve(new PrivacyPrice(0, attoDelta)).NanoEpsilonAt(budget.AttoDelta);
        return spent >= budget.NanoEpsilon ? 0 : Math.BitDecrement((budget.NanoEpsilon - spent) / 1e9);
    }
}
