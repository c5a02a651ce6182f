using SynthStudio.Tabular;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>Says whether a text is a schema file, by the parser that jobs read theirs with, to who starts the worker with <see cref="Argument"/>.</summary>
internal static class SchemaCheck
{
    /// <summary>Announces a question instead of a job.</summary>
    public const string Argument = "--check-schema";

    /// <summary>Answers one question and returns the exit code.</summary>
    public static async Task<int> AnswerAsync(MessageChannel<WorkerInput, WorkerOutput> channel)
    {
        if ((await channel.ReadAsync())?.CheckSchema is not { } question) return ProcessExit.BadConversation;

        await channel.WriteAsync(Answer(question));
        return ProcessExit.Done;
    }

    private static WorkerOutput Answer(CheckSchema question)
    {
        try
        {
            SchemaFile.Parse(question.SchemaJson);
            return new WorkerOutput { Completed = new Completed() };
        }
        catch (TableException e)
        {
            return new WorkerOutput { Failed = JobFailure.From(e, cancelWished: false) };
        }
    }
}
