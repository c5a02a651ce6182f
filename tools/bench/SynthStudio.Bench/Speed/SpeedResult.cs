namespace SynthStudio.Bench.Speed;

/// <summary>What one size took. Null: the method has no such thing, or it was not reached.</summary>
/// <param name="Method">Name, with options.</param>
/// <param name="Rows">Rows learned.</param>
/// <param name="Columns">Columns learned.</param>
/// <param name="EncodeSeconds">From the start to the begin of training.</param>
/// <param name="TrainSeconds">Training, cut off at the limit.</param>
/// <param name="StepMilliseconds">One optimiser step.</param>
/// <param name="EpochSeconds">One pass over the rows.</param>
/// <param name="RowsPerSecond">Rows drawn a second.</param>
/// <param name="PeakMegabytes">Highest resident memory of the process, the table included if it is held.</param>
/// <param name="StepProcessorMilliseconds">Processor time of one optimiser step with its share of the validations: others on the machine disturb it little.</param>
/// <param name="FitProcessorSeconds">Processor time from the start to the trained model.</param>
/// <param name="C2stAuc">How well boosted trees tell drawn rows from fresh rows of the same making; 0.5 is what no training, however long, gets below.</param>
internal sealed record SpeedResult(
    string Method, int Rows, int Columns, double EncodeSeconds, double TrainSeconds, double? StepMilliseconds, double? EpochSeconds,
    double RowsPerSecond, double PeakMegabytes, double? StepProcessorMilliseconds = null,
    double? FitProcessorSeconds = null, double? C2stAuc = null);
