// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Serialization;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Groups, state and state files of the optimizers.</summary>
/// <remarks>
/// The file: the optimizer's name as <see cref="BinaryWriter.Write(string)"/> writes it, numbers of groups and of
/// parameters as LEB128, options of each group, state of each parameter. What was saved and loaded continues bit for bit.
/// </remarks>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    public virtual StateDictionary state_dict() =>
        new(_parameter_groups.Select(group => group.Options), parameters().Select(parameter => states[parameter]));

    /// <summary>Copies the state of another optimizer of the same kind over the same parameters.</summary>
    /// <exception cref="ArgumentException">Groups or parameters differ in number.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
        {
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        }
        for (var i = 0; i < own.State.Count; i++)
        {
            own.State[i].LoadStateDict(state_dict.State[i]);
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.WriteLeb128(state.Options.Count);
        writer.WriteLeb128(state.State.Count);
        state.Options.ForEach(options => options.SaveStateDict(writer));
        state.State.ForEach(entry => entry.SaveStateDict(writer));
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <exception cref="InvalidDataException">The file is another optimizer's.</exception>
    /// <exception cref="ArgumentException">Groups or parameters differ in number.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        var found = reader.ReadString();
        if (found != GetType().Name)
        {
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{found}' in the loaded stream.");
        }
        var own = state_dict();
        CheckCounts(own, reader.ReadLeb128(), reader.ReadLeb128());
        own.Options.ForEach(options => options.LoadStateDict(reader));
        own.State.ForEach(entry => entry.LoadStateDict(reader));
    }

    /// <summary>Runs one step with gradients off, in a scope of its own.</summary>
    private protected Tensor? Step(Func<Tensor>? closure, Action<ParamGroup, Parameter, Tensor> update)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var graded = enable_grad();
            loss = closure();
        }
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                {
                    update(group, parameter, gradient);
                }
            }
        }
        return loss;
    }

    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> newState)
    {
        group.Parameters = group.Parameters.ToArray();
        group.InitialLearningRate = group.LearningRate;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            state.Initialize(group.Options);
            states.Add(parameter, state);
        }
    }

    private static void CheckCounts(StateDictionary own, long options, long states)
    {
        if (options != own.Options.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        }
        if (states != own.State.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
        }
    }
}
