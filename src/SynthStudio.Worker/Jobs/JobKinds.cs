using SynthStudio.Worker.Running;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>Chooses the job that an order asks for.</summary>
internal static class JobKinds
{
    public static IJob For(JobOrder order) => order.SpecCase switch
    {
        JobOrder.SpecOneofCase.Train when DeclareJob.Does(order.Train) => new DeclareJob(order.Train, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.Train => new TrainJob(order.Train, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.Generate => new GenerateJob(order.Generate, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.Evaluate => new EvaluateJob(order.Evaluate),
        JobOrder.SpecOneofCase.Profile => new ProfileJob(order.Profile),
        JobOrder.SpecOneofCase.Impute => new ImputeJob(order.Impute, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.ScoreRows => new ScoreRowsJob(order.ScoreRows, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.Predict => new PredictJob(order.Predict, Devices.Parse(order.Device)),
        JobOrder.SpecOneofCase.Compare => new CompareJob(order.Compare),
        JobOrder.SpecOneofCase.Analyze => new AnalyzeJob(order.Analyze),
        JobOrder.SpecOneofCase.Extract => new ExtractJob(order.Extract),
        var kind => throw new NotSupportedException($"There is no job of kind {kind}."),
    };
}
