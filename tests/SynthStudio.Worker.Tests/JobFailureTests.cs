using SynthStudio.Synthesis;
using SynthStudio.Worker.Running;
using Class = SynthStudio.Worker.V1.Failed.Types.Class;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed class JobFailureTests
{
    [TestMethod]
    public void What_parallel_work_threw_is_told_as_if_one_thread_had_thrown_it()
    {
        var memory = JobFailure.From(InParallel(() => throw new InsufficientMemoryException()), cancelWished: false);
        Assert.AreEqual((Class.Resource, "OUT_OF_MEMORY"), (memory.Class, memory.Reason));

        var time = JobFailure.From(InParallel(() => throw new SynthesisException(SynthesisError.TimeTooShort, "Give it more time.", "max_time")), cancelWished: false);
        Assert.AreEqual((Class.User, "TIME_TOO_SHORT", "Give it more time.", "max_time"), (time.Class, time.Reason, time.Message, time.Subject));

        var nested = JobFailure.From(new AggregateException(InParallel(() => throw new InsufficientMemoryException())), cancelWished: false);
        Assert.AreEqual("OUT_OF_MEMORY", nested.Reason);
    }

    [TestMethod]
    public void A_cancelled_parallel_part_is_a_cancellation_only_where_it_was_wished()
    {
        var parts = InParallel(() => throw new OperationCanceledException());
        Assert.AreEqual(Class.Cancelled, JobFailure.From(parts, cancelWished: true).Class);
        Assert.AreEqual(Class.Internal, JobFailure.From(parts, cancelWished: false).Class);
    }

    [TestMethod]
    public void An_unexpected_failure_names_its_own_type_and_keeps_the_frames_around_it()
    {
        var failed = JobFailure.From(InParallel(() => throw new InvalidOperationException("a secret")), cancelWished: false);
        Assert.AreEqual("INTERNAL", failed.Reason);
        Assert.Contains(nameof(InvalidOperationException), failed.Message);
        Assert.Contains(nameof(AggregateException), failed.Trace);
        Assert.Contains(nameof(InvalidOperationException), failed.Trace);
        Assert.DoesNotContain("secret", failed.Message + failed.Trace);
    }

    private static AggregateException InParallel(Action work) =>
        Assert.ThrowsExactly<AggregateException>(() => Parallel.For(0, 2, _ => work()));
}
