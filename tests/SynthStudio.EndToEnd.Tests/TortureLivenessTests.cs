using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Grpc.Net.Client;
using SynthStudio.ClusterTorture;
using SynthStudio.Orchestration;
using LoggedEvent = SynthStudio.Orchestration.ProgressEvent;
using WatchedEvent = SynthStudio.V1.ProgressEvent;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>What never ends does not pass for kept: the torture tells of watches, calls and users that were cut off.</summary>
[TestClass]
public sealed class TortureLivenessTests : IDisposable
{
    private const string Job = "projects/p/jobs/j";

    private readonly Journal _journal = new();
    private readonly CancellationTokenSource _giveUp = new();

    public void Dispose() => _giveUp.Dispose();

    [TestMethod]
    public async Task A_stream_that_only_says_that_it_lives_when_its_job_has_ended_breaks_a_promise()
    {
        using var cluster = new PlayedStream(new() { Sequence = 1, State = JobState.Running }, new() { Sequence = 2, State = JobState.Succeeded });
        using var channel = GrpcChannel.ForAddress("http://played", new GrpcChannelOptions { HttpHandler = cluster });
        var following = new Watcher(new Client([channel], _journal, 0, _giveUp.Token), _journal, () => TimeSpan.Zero).FollowAsync(Job);
        await cluster.EventsSent;
        while (_journal.Watches.Single().Events.Count < 2) await Task.Delay(1);
        var news = _journal.LastNews;

        await cluster.LiveAsync(50);
        Assert.IsFalse(following.IsCompleted);
        Assert.AreEqual(news, _journal.LastNews, "A sign of life is no news.");
        await _giveUp.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => following);

        Assert.Contains(Job, _journal.CutOff.Single());
        var finding = JobChecks.Watches(_journal, JobBooks.Of(
            new Dictionary<string, IReadOnlyList<LoggedEvent>> { [Job] = [Logged(1, WorkState.Running), Logged(2, WorkState.Succeeded)] }));
        Assert.Contains("did not end", finding.Broken.Single());
    }

    [TestMethod]
    public async Task A_call_that_is_told_to_come_again_until_patience_is_over_breaks_a_promise()
    {
        using var nobody = new HttpClientHandler();
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { HttpHandler = nobody });
        var client = new Client([channel], _journal, 0, _giveUp.Token);
        var asking = client.AskAsync(async studio => await studio.Jobs.GetJobAsync(new GetJobRequest { Name = Job }));
        while (_journal.Refusals.IsEmpty) await Task.Delay(1);

        await _giveUp.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => asking);
        Assert.Contains("Unavailable", _journal.CutOff.Single());
        Assert.Contains(nameof(A_call_that_is_told_to_come_again_until_patience_is_over_breaks_a_promise), _journal.CutOff.Single());
    }

    [TestMethod]
    public async Task Who_is_not_done_when_there_was_no_news_for_long_is_cut_off_and_named()
    {
        var patience = TimeSpan.FromMilliseconds(200);

        await Ending.WaitAsync(
            [
                ("who is done", Task.CompletedTask), ("who waits", Task.Delay(Timeout.Infinite, _giveUp.Token)), ("who fails", Task.FromException(new IOException("of a fault"))),
            ], _journal, patience, _giveUp);

        Assert.StartsWith("who waits", _journal.CutOff.Single());
        Assert.StartsWith("who fails", _journal.WrongAnswers.Single());
    }

    [TestMethod]
    public async Task Who_began_just_before_the_end_has_the_whole_patience_as_long_as_there_is_news()
    {
        var patience = TimeSpan.FromSeconds(20);
        var late = new TaskCompletionSource();
        var waiting = Ending.WaitAsync([("who began last", late.Task)], _journal, patience, _giveUp);

        _journal.NoteNews();
        late.SetResult();
        await waiting;

        Assert.IsEmpty(_journal.CutOff);
    }

    private static LoggedEvent Logged(long sequence, WorkState state) => new() { Sequence = sequence, Time = DateTimeOffset.UnixEpoch, State = state };

    /// <summary>A server that answers a watch with these events, and then says that it lives, as often as it is told to.</summary>
    private sealed class PlayedStream(params WatchedEvent[] events) : HttpMessageHandler
    {
        private readonly Pipe _pipe = new();
        private readonly TaskCompletionSource _sent = new();

        public Task EventsSent => _sent.Task;

        public async Task LiveAsync(int times)
        {
            for (var i = 0; i < times; i++) await SayAsync(new WatchedEvent { Heartbeat = true });
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            foreach (var one in events) await SayAsync(one);
            _sent.SetResult();
            var content = new StreamContent(_pipe.Reader.AsStream());
            content.Headers.ContentType = new("application/grpc");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, Version = HttpVersion.Version20, RequestMessage = request };
        }

        /// <summary>A message as gRPC frames it: whether it is compressed, its length, itself.</summary>
        private async Task SayAsync(WatchedEvent said)
        {
            var message = said.ToByteArray();
            var frame = new byte[5 + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            message.CopyTo(frame, 5);
            await _pipe.Writer.WriteAsync(frame);
        }
    }
}
