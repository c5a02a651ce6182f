namespace SynthStudio.Privacy.Ledger;

/// <summary>Where a job's reservation stands.</summary>
public enum ReservationState
{
    /// <summary>Set aside; the job has seen nothing.</summary>
    Reserved,

    /// <summary>The job was let at the data: spent for good.</summary>
    Touched,

    /// <summary>Its result was released: spent, at the price of what its noise did where that is less.</summary>
    Committed,

    /// <summary>Given back, untouched.</summary>
    Released,
}

/// <summary>A job's reservation.</summary>
/// <param name="Price">What was set aside.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Part">The part of a data set that it is for; null for whole tables.</param>
public readonly record struct Reservation(PrivacyPrice Price, ReservationState State, LedgerPart? Part = null);
