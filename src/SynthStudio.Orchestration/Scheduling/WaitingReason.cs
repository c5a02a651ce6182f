namespace SynthStudio.Orchestration;

/// <summary>Why a job waits, as <see cref="QueueStanding.Reason"/> and the figures say it.</summary>
public static class WaitingReason
{
    /// <summary>It failed, and is tried again later.</summary>
    public const string BackingOff = "BACKING_OFF";

    /// <summary>Its project runs as many jobs as it may.</summary>
    public const string ProjectLimit = "PROJECT_LIMIT";

    /// <summary>No silo has what it needs, not even an empty one.</summary>
    public const string NoCapableSilo = "NO_CAPABLE_SILO";

    /// <summary>Its project has used up its accelerator time of the month.</summary>
    public const string AcceleratorLimit = "ACCELERATOR_LIMIT";

    /// <summary>Its project holds as many accelerators as it may at once.</summary>
    public const string ProjectAccelerators = "PROJECT_ACCELERATORS";

    /// <summary>The silos that could run it are to take no work.</summary>
    public const string SilosCordoned = "SILOS_CORDONED";

    /// <summary>The silos that could run it take work, but were not heard of lately.</summary>
    public const string SilosSilent = "SILOS_SILENT";

    /// <summary>
    /// The silos that could run it were heard of lately, and are given none for a while: one job after another failed on them
    /// for reasons of their own.
    /// </summary>
    public const string SilosResting = "SILOS_RESTING";

    /// <summary>There is room; it starts at once.</summary>
    public const string AboutToStart = "ABOUT_TO_START";

    /// <summary>Only a slot is missing.</summary>
    public const string NoFreeSlot = "NO_FREE_SLOT";

    /// <summary>Somewhere there is a slot, and not the memory that it takes.</summary>
    public const string NoFreeMemory = "NO_FREE_MEMORY";

    /// <summary>Somewhere there are a slot and memory, and no accelerator that is free.</summary>
    public const string NoFreeAccelerator = "NO_FREE_ACCELERATOR";

    /// <summary>It has waited long, and a silo takes no later work until it fits there.</summary>
    public const string HasReservation = "HAS_RESERVATION";

    /// <summary>What is free is kept for a job that has waited long.</summary>
    public const string ReservedForOthers = "RESERVED_FOR_OTHERS";
}
