using Google.Protobuf.WellKnownTypes;

namespace SynthStudio.Api.Mapping;

/// <summary>Jobs and their progress, from grains to the wire.</summary>
internal static class JobMapping
{
    public static V1.Job ToProto(this JobSnapshot job, QueueStanding? queue = null)
    {
        var proto = new V1.Job
        {
            Name = job.Name,
            Kind = job.Kind.ToProto(),
            Subject = job.Subject,
            State = job.State.ToProto(),
            Priority = job.Priority,
            Attempt = job.Attempt,
            Step = job.Step,
            Fraction = job.Fraction,
            Remaining = job.Remaining is { } remaining ? Duration.FromTimeSpan(remaining) : null,
            Error = job.Error?.ToProto(),
            Queue = queue is null ? null : new V1.QueueStanding { Position = queue.Position, Reason = queue.Reason },
            LastSequence = job.LastSequence,
            Silo = job.Silo,
            CreateTime = job.CreateTime.ToProto(),
            StartTime = job.StartTime?.ToProto(),
            EndTime = job.EndTime?.ToProto(),
        };
        foreach (var (name, value) in job.Metrics) proto.Metrics[name] = value;
        if (job.Result is { } result)
            foreach (var (name, value) in result.Metrics) proto.Metrics[name] = value;
        return proto;
    }

    public static V1.ProgressEvent ToProto(this ProgressEvent progress, string job)
    {
        var proto = new V1.ProgressEvent
        {
            Sequence = progress.Sequence,
            Job = job,
            Time = progress.Time.ToProto(),
            State = progress.State.ToProto(),
            Attempt = progress.Attempt,
            Step = progress.Step,
            StepFraction = progress.StepFraction,
            Fraction = progress.Fraction,
            Remaining = progress.Remaining is { } remaining ? Duration.FromTimeSpan(remaining) : null,
            Message = progress.Message,
            Part = progress.Part is { } part
                ? new V1.RowPart { Number = part.Number, Rows = part.Rows, SizeBytes = part.Object.Size }
                : null,
            Error = progress.Error?.ToProto(),
        };
        if (progress.Epsilon is { } epsilon) proto.Epsilon = epsilon;
        foreach (var (name, value) in progress.Metrics) proto.Metrics[name] = value;
        return proto;
    }

    public static V1.JobError ToProto(this WorkError error) => new()
    {
        ErrorClass = error.Class switch
        {
            WorkErrorClass.User => V1.JobErrorClass.User,
            WorkErrorClass.Resource => V1.JobErrorClass.Resource,
            _ => V1.JobErrorClass.Internal,
        },
        Reason = error.Reason,
        Message = error.Message,
        Subject = error.Subject,
        Row = error.Row,
    };

    public static V1.JobState ToProto(this WorkState state) => state switch
    {
        WorkState.Queued => V1.JobState.Queued,
        WorkState.Starting => V1.JobState.Starting,
        WorkState.Running => V1.JobState.Running,
        WorkState.Pausing => V1.JobState.Pausing,
        WorkState.Paused => V1.JobState.Paused,
        WorkState.Cancelling => V1.JobState.Cancelling,
        WorkState.Cancelled => V1.JobState.Cancelled,
        WorkState.Failed => V1.JobState.Failed,
        WorkState.Succeeded => V1.JobState.Succeeded,
        _ => V1.JobState.Unspecified,
    };

    /// <summary>The state of a filter; null for all.</summary>
    public static WorkState? ToWorkState(this V1.JobState state) => state switch
    {
        V1.JobState.Queued => WorkState.Queued,
        V1.JobState.Starting => WorkState.Starting,
        V1.JobState.Running => WorkState.Running,
        V1.JobState.Pausing => WorkState.Pausing,
        V1.JobState.Paused => WorkState.Paused,
        V1.JobState.Cancelling => WorkState.Cancelling,
        V1.JobState.Cancelled => WorkState.Cancelled,
        V1.JobState.Failed => WorkState.Failed,
        V1.JobState.Succeeded => WorkState.Succeeded,
        _ => null,
    };

    public static V1.JobKind ToProto(this WorkKind kind) => kind switch
    {
        WorkKind.Training => V1.JobKind.Training,
        WorkKind.Generation => V1.JobKind.Generation,
        WorkKind.Evaluation => V1.JobKind.Evaluation,
        WorkKind.Profiling => V1.JobKind.Profiling,
        WorkKind.Analysis => V1.JobKind.Analysis,
        WorkKind.Extraction => V1.JobKind.Extraction,
        _ => V1.JobKind.Unspecified,
    };

    /// <summary>The kind of a filter; null for all.</summary>
    public static WorkKind? ToWorkKind(this V1.JobKind kind) => kind switch
    {
        V1.JobKind.Training => WorkKind.Training,
        V1.JobKind.Generation => WorkKind.Generation,
        V1.JobKind.Evaluation => WorkKind.Evaluation,
        V1.JobKind.Profiling => WorkKind.Profiling,
        V1.JobKind.Analysis => WorkKind.Analysis,
        V1.JobKind.Extraction => WorkKind.Extraction,
        _ => null,
    };

    public static Timestamp ToProto(this DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);
}
