using System.Diagnostics.Metrics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What owners of work count.</summary>
[TestClass]
public sealed class JobMeterTests
{
    /// <summary>Prometheus puts its own "job" and "instance" in the place of a figure's: every training would be named alike.</summary>
    [TestMethod]
    public void The_loss_of_a_training_is_told_under_its_name_by_a_label_of_its_own()
    {
        const string Job = "projects/p/jobs/told-by-its-loss";
        var told = new List<Dictionary<string, object?>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "synthstudio.training.loss") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => told.Add(new Dictionary<string, object?>(tags.ToArray())));
        var before = ProgressPosition.Start(WorkKind.Training);
        var now = ProgressPosition.After(WorkKind.Training, new ProgressEvent
        {
            Sequence = 1, Time = DateTimeOffset.UnixEpoch, State = WorkState.Running, Metrics = new Dictionary<string, double> { ["training_loss"] = 1.5 },
        });

        JobMeter.Progress(Job, before, now);
        listener.Start();
        listener.RecordObservableInstruments();
        JobMeter.Forget(Job);

        Assert.IsTrue(told.Exists(tags => tags.GetValueOrDefault("training") as string == Job));
        Assert.IsFalse(told.Exists(tags => tags.ContainsKey("job") || tags.ContainsKey("instance")));
    }
}
