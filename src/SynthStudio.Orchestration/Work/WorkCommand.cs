namespace SynthStudio.Orchestration;

/// <summary>What can be asked of, or told to, a piece of work.</summary>
public abstract record WorkCommand;

/// <summary>The silo that took the lease asks for the order.</summary>
public sealed record TakeOrder(LeaseEpoch Epoch, string Silo) : WorkCommand;

/// <summary>The holder of the lease tells what happened.</summary>
public sealed record ApplyUpdate(LeaseEpoch Epoch, WorkUpdate Update) : WorkCommand;

/// <summary>The holder of the lease is gone.</summary>
public sealed record LoseLease(LeaseEpoch Epoch, string Reason) : WorkCommand;

/// <summary>More urgent work needs the slot: write a checkpoint and wait in the queue again.</summary>
public sealed record GiveWay(LeaseEpoch Epoch) : WorkCommand;

/// <summary>Look whether a limit of time has passed.</summary>
/// <param name="Defaults">Limits where the work has none of its own.</param>
public sealed record CheckLimits(WorkLimits Defaults) : WorkCommand;

/// <summary>Stop for good.</summary>
public sealed record CancelWork : WorkCommand;

/// <summary>Write a checkpoint and leave the silo.</summary>
public sealed record PauseWork : WorkCommand;

/// <summary>Queue a paused piece of work again.</summary>
public sealed record ResumeWork : WorkCommand;
