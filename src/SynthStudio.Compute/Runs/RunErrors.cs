using SynthStudio.Storage;

namespace SynthStudio.Compute;

/// <summary>What went wrong around a worker, in an owner's terms.</summary>
internal static class RunErrors
{
    public static WorkError Of(Exception error) => error switch
    {
        ObjectNotFoundException e => new(WorkErrorClass.Internal, "OBJECT_MISSING", e.Message),
        ObjectCorruptException e => new(WorkErrorClass.Internal, "OBJECT_DAMAGED", e.Message),
        StorageFullException e => new(WorkErrorClass.Resource, WorkError.StorageFull, e.Message),
        StorageUnavailableException { IsRefusal: true } e => new(WorkErrorClass.Resource, WorkError.StorageRefused, e.Message),
        StorageUnavailableException e => new(WorkErrorClass.Resource, WorkError.StorageUnavailable, e.Message),
        FileNotFoundException e => new(WorkErrorClass.Internal, "FILE_MISSING", e.Message),
        InvalidDataException => new(WorkErrorClass.Internal, "PROTOCOL_BROKEN", "The worker wrote something that is not a message."),
        System.ComponentModel.Win32Exception e => new(WorkErrorClass.Resource, "WORKER_NOT_STARTED", $"The worker process could not be started: {e.Message}"),
        IOException e when DiskErrors.IsFull(e) => new(WorkErrorClass.Resource, WorkError.StorageFull, "The silo's disk for working files is full: free some space there, or wait for another silo."),
        UnauthorizedAccessException or IOException => new(WorkErrorClass.Resource, "INPUT_OUTPUT", $"Reading or writing files failed: {error.GetType().Name}."),
        _ => new(WorkErrorClass.Internal, "SILO_ERROR", $"The silo could not run the worker: {error.GetType().Name}."),
    };
}
