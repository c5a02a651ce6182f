using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SynthStudio.Assistant;
using RpcStatus = Google.Rpc.Status;

namespace SynthStudio.Api.Errors;

/// <summary>Makes the errors of the API: a status with <c>ErrorInfo</c> always, and the detail that its code asks for.</summary>
public static class ApiErrors
{
    /// <summary>What fits, with all that is around it, into headers of 8 KiB, which every proxy and client takes.</summary>
    private const int LongestMessage = 1500, LongestValue = 300, LargestStatus = 4000, MostViolations = 5;

    /// <summary>A field of the request is wrong. <paramref name="field"/> is its path in proto names, for example <c>generator.dataset</c>.</summary>
    public static RpcException InvalidField(string field, string problem, string reason = ErrorReasons.InvalidField) => Create(
        Code.InvalidArgument, reason, $"{field}: {problem}", [("field", field)], new BadRequest { FieldViolations = { Violation(field, problem) } });

    /// <summary>Several fields of the request are wrong; the message tells all of them, the reason and metadata are of the first.</summary>
    public static RpcException InvalidFields(
        string reason, IEnumerable<(string Key, string Value)> metadata, IReadOnlyList<BadRequest.Types.FieldViolation> violations) => Create(
        Code.InvalidArgument, reason, string.Join(" ", violations.Select(v => $"{v.Field}: {v.Description}")),
        [("field", violations[0].Field), .. metadata],
        new BadRequest { FieldViolations = { violations.Take(MostViolations).Select(v => Violation(v.Field, v.Description)) } });

    public static RpcException NotFound(string name) => Create(
        Code.NotFound, ErrorReasons.NotFound, $"{name} does not exist, or you may not see it.", [("name", name)], Resource(name));

    /// <summary>A field names something outside of the project that it must be in.</summary>
    public static RpcException NotFoundIn(string project, string name, string field) => Create(
        Code.NotFound, ErrorReasons.NotFound, $"{field}: {name} is not in {project}.", [("name", name), ("field", field)], Resource(name));

    public static RpcException AlreadyExists(string name) => Create(
        Code.AlreadyExists, ErrorReasons.AlreadyExists, $"{name} exists already.", [("name", name)], Resource(name));

    /// <summary>The resource was changed since its etag was read.</summary>
    public static RpcException EtagMismatch(string name) => Create(
        Code.Aborted, ErrorReasons.EtagMismatch, $"{name} has changed since you read it: read it again, then repeat your change.", [("name", name)]);

    /// <summary>The state of something does not allow the call.</summary>
    public static RpcException Precondition(string reason, string subject, string message) => Create(
        Code.FailedPrecondition, reason, message, [("subject", subject)],
        new PreconditionFailure
        {
            Violations = { new PreconditionFailure.Types.Violation { Type = reason, Subject = subject, Description = message } },
        });

    /// <summary>A training does not fit into the privacy budget. The metadata say what is left and what would fit, as numbers.</summary>
    public static RpcException BudgetExhausted(BudgetExhaustedException e)
    {
        var (reason, f) = (ErrorReasons.OfBudget(e.Figures), e.Figures);
        return Create(
            Code.FailedPrecondition, reason, e.Message,
            [
                ("subject", e.Dataset), ("asked_epsilon", Number(f.AskedEpsilon)), ("asked_delta", Number(f.AskedDelta)),
                ("budget_epsilon", Number(f.BudgetEpsilon ?? 0)), ("budget_delta", Number(f.BudgetDelta ?? 0)), ("spent_epsilon", Number(f.SpentEpsilon)),
                ("remaining_epsilon", Number(f.RemainingEpsilon)), ("fits_epsilon", Number(f.FitsEpsilon)), ("fits_delta", Number(f.FitsDelta)),
            ],
            new PreconditionFailure
            {
                Violations = { new PreconditionFailure.Types.Violation { Type = reason, Subject = e.Dataset, Description = e.Message } },
            });

        static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    }

    public static RpcException Unauthenticated(string reason, string message) => Create(Code.Unauthenticated, reason, message);

    public static RpcException PermissionDenied(string reason, string message) => Create(Code.PermissionDenied, reason, message);

    /// <summary>A chunk does not start where the upload ends.</summary>
    public static RpcException WrongOffset(string name, long offset, long committed) => Create(
        Code.OutOfRange, ErrorReasons.WrongOffset, $"{name} has {committed} bytes: go on from there, not from {offset}.",
        [("name", name), ("committed_size", committed.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>Bytes arrived that are not those that were sent. What was committed before stays.</summary>
    public static RpcException DataLoss(string reason, string name, string message) =>
        Create(Code.DataLoss, reason, message, [("name", name)]);

    public static RpcException TooLarge(string subject, string message) => Create(
        Code.ResourceExhausted, ErrorReasons.TooLarge, message, [("subject", subject)],
        new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = subject, Description = message } } });

    /// <summary>A project has had what it may have.</summary>
    /// <param name="project">The project.</param>
    /// <param name="quota">Which quota.</param>
    /// <param name="left">What would still fit.</param>
    /// <param name="message">In words.</param>
    /// <param name="delay">When there is more by itself; null when there never is.</param>
    public static RpcException QuotaExceeded(string project, string quota, long left, string message, TimeSpan? delay = null)
    {
        var failure = new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = project, Description = message } } };
        return Create(
            Code.ResourceExhausted, ErrorReasons.QuotaExceeded, message,
            [("subject", project), ("quota", quota), ("left", left.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            delay is { } wait ? [failure, new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }] : [failure]);
    }

    /// <summary>The server keeps its objects where browsers cannot reach them by themselves, or encrypts them.</summary>
    public static RpcException NoLinks(string subject) =>
        Precondition(ErrorReasons.NoBucket, subject, "This server gives no links: it keeps no bucket that browsers could reach, or encrypts what is in it. Use the calls without.");

    /// <summary>The installation goes without a part of the API.</summary>
    public static RpcException FeatureOff(string feature) => Create(
        Code.Unimplemented, ErrorReasons.FeatureOff, $"This server goes without this part of the API; the setting SynthStudio:Api:Features:{feature} switches it on.", [("feature", feature)]);

    /// <summary>Language models give no answer.</summary>
    public static RpcException Assistant(AssistantException e)
    {
        var (code, reason) = e.Problem switch
        {
            AssistantProblem.Misconfigured => (Code.FailedPrecondition, ErrorReasons.AssistantMisconfigured),
            AssistantProblem.TimeSpent => (Code.DeadlineExceeded, ErrorReasons.AssistantTimeSpent),
            AssistantProblem.TokensSpent => (Code.ResourceExhausted, ErrorReasons.AssistantTokensSpent),
            AssistantProblem.Refused => (Code.FailedPrecondition, ErrorReasons.AssistantRefused),
            AssistantProblem.Unusable => (Code.Aborted, ErrorReasons.AssistantAnswerUnusable),
            AssistantProblem.Interrupted => (Code.Unavailable, ErrorReasons.AssistantInterrupted),
            _ => (Code.Unavailable, ErrorReasons.AssistantUnavailable),
        };
        return e.RetryAfter is { } wait
            ? Create(code, reason, e.Message, [], new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) })
            : Create(code, reason, e.Message);
    }

    /// <summary>The caller, or all from its address, make too many calls.</summary>
    public static RpcException TooManyRequests(string subject, TimeSpan delay) => Create(
        Code.ResourceExhausted, ErrorReasons.RateLimited, $"{subject} makes too many calls. Try again in {delay.TotalSeconds:0.0##} s.", [("subject", subject)],
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    /// <summary>Somebody, perhaps not this caller, tried too often.</summary>
    public static RpcException TooManyAttempts(TimeSpan delay) => Create(
        Code.ResourceExhausted, ErrorReasons.TooManyAttempts, $"Too many attempts. Try again in {Math.Ceiling(delay.TotalSeconds)} s.", [],
        new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    /// <summary>The caller has as many streams open as it may.</summary>
    public static RpcException TooManyStreams(string subject, int limit, TimeSpan delay) => Create(
        Code.ResourceExhausted, ErrorReasons.RateLimited, $"{subject} has {limit} streams open, as many as allowed at once. End one, or try again later.",
        [("subject", subject)], new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    /// <summary>As many calls as may read a whole audit trail.</summary>
    public static RpcException TooManyWalks(string trail, int limit, TimeSpan delay) => Create(
        Code.ResourceExhausted, ErrorReasons.RateLimited, $"{limit} calls read the whole audit trail of {trail}, as many as allowed at once. Try again in {delay.TotalSeconds} s.",
        [("subject", trail)], new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    /// <summary>A call took longer than any may.</summary>
    public static RpcException TookTooLong(TimeSpan limit) => Create(
        Code.DeadlineExceeded, ErrorReasons.DeadlineExceeded,
        $"The call took longer than {limit}, which is as long as a call may take. It may have been done in part: look before you repeat it, ask for less, or have the operator allow more (SynthStudio:Api:CallTimeLimit).");

    /// <summary>A stream of requests stays open, and nothing comes.</summary>
    public static RpcException StreamIdle(TimeSpan limit) => Create(
        Code.DeadlineExceeded, ErrorReasons.StreamIdle, $"No message came for {limit}; the stream is ended. What was taken is kept: go on in a new one.");

    /// <summary>Try again after <paramref name="delay"/>: the same call may then work.</summary>
    public static RpcException Unavailable(string reason, string message, TimeSpan delay) => Create(
        Code.Unavailable, reason, message, [], new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) });

    /// <summary>An error with its <c>ErrorInfo</c> and further details.</summary>
    public static RpcException Create(
        Code code, string reason, string message, IEnumerable<(string Key, string Value)>? metadata = null, params IMessage[] details)
    {
        message = ErrorText.Bounded(message, LongestMessage);
        var info = new ErrorInfo { Domain = ErrorReasons.Domain, Reason = reason };
        foreach (var (key, value) in metadata ?? []) info.Metadata[ErrorText.Bounded(key, LongestValue)] = ErrorText.Bounded(value, LongestValue);
        var status = new RpcStatus { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
        foreach (var detail in details)
        {
            if (status.CalculateSize() + detail.CalculateSize() <= LargestStatus) status.Details.Add(Any.Pack(detail));
        }

        return status.ToRpcException();
    }

    private static BadRequest.Types.FieldViolation Violation(string field, string problem) =>
        new() { Field = ErrorText.Bounded(field, LongestValue), Description = ErrorText.Bounded(problem, LongestValue) };

    private static ResourceInfo Resource(string name)
    {
        name = ErrorText.Bounded(name, LongestValue);
        var parts = name.Split('/');
        var collection = parts.Length >= 2 ? parts[^(2 - parts.Length % 2)] : "";
        return new ResourceInfo { ResourceType = $"{ErrorReasons.Domain}/{collection}", ResourceName = name };
    }
}
