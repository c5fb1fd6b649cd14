print("nutune")
