// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Settings of a group of parameters.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }
}

/// <summary>What an optimizer remembers about one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Back to the state before the first step.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>A flag, then the tensor where there is one.</summary>
    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        result?.Dispose();
        result = reader.ReadBoolean() ? TensorExtensionMethods.Load(reader).DetachFromDisposeScope() : null;
    }

    private protected static Tensor? Copy(Tensor? source) => source?.clone().DetachFromDisposeScope();
}

/// <summary>Parameters with settings of their own.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

/// <summary>A group whose settings are of the optimizer's type.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
